import { BatutaError } from '@batuta/contract';
import type { EgressProxy, OpenEgress } from '../../port/egress-proxy.ts';

/** One open proxy for each list of hosts, opened when it is first needed. */
export class EgressSockets {
  readonly #proxy: Pick<EgressProxy, 'open'> | undefined;
  readonly #open = new Map<string, Promise<OpenEgress>>();

  constructor(proxy: Pick<EgressProxy, 'open'> | undefined) {
    this.#proxy = proxy;
  }

  /** Null for an empty list: then there is no network. Errors: `sandbox-unavailable`. */
  async pathFor(allowedHosts: readonly string[]): Promise<string | null> {
    if (allowedHosts.length === 0) return null;
    if (!this.#proxy) {
      const reason = 'hosts are allowed (sandbox.allowed_hosts), but nothing leads to them';
      const mend = 'Empty that list.';
      throw new BatutaError('sandbox-unavailable', { kind: 'bubblewrap', reason, mend });
    }
    const key = allowedHosts.toSorted().join(' ');
    const open = this.#open.get(key) ?? this.#proxy.open({ allowedHosts });
    this.#open.set(key, open);
    // One that could not be opened is tried again with the next command.
    open.catch(() => this.#open.delete(key));
    return (await open).socketPath;
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(all.map(async (open) => (await open.catch(() => undefined))?.close()));
  }
}
