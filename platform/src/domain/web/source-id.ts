import { createHash } from 'node:crypto';

/** Parts of an address that say who led there, and nothing about what is there. */
const tracking = /^(?:utm_\w+|gclid|fbclid|mc_[ce]id|igshid|ref_src)$/;

/**
 * A short name for an address, by which an answer says where something is from: `[w3f9a2c]`. The same address has the same name in every
 * call and every run.
 */
export function sourceId(address: string): string {
  const url = URL.parse(address);
  if (url !== null) {
    url.hash = '';
    const names = Array.from(url.searchParams.keys());
    for (const name of names) if (tracking.test(name)) url.searchParams.delete(name);
  }
  const digest = createHash('sha256')
    .update(url?.href ?? address)
    .digest('hex');
  return `w${digest.slice(0, 6)}`;
}
