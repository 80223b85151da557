import type { Configuration } from '../domain/configuration/settings.ts';
import { readSecretKey, secretKeyId } from '../domain/secret/key-ring.ts';
import type { MissingKey } from '../platform.ts';
import type { SecretStore } from '../port/secret-store.ts';
import { makeSecretKeys } from './secret-keys.ts';

/** Keys that a database needs and that this machine does not have: without them what they encrypt is lost. */
export async function findMissingKeys(
  secrets: Pick<SecretStore, 'keysInUse'>,
  configuration: Configuration,
): Promise<MissingKey[]> {
  const source = makeSecretKeys(configuration);
  // Keys that cannot be read now are told of as missing, too: what was restored stays restored.
  const texts = await source.load().catch(() => []);
  const known = new Set(texts.flatMap((text) => readSecretKey(text) ?? []).map(secretKeyId));
  const counts = new Map<string, number>();
  for (const { keyId, count } of await secrets.keysInUse()) {
    if (!known.has(keyId)) counts.set(keyId, (counts.get(keyId) ?? 0) + count);
  }
  return [...counts].map(([keyId, count]) => ({ keyId, count, how: source.how }));
}
