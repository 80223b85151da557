import { BatutaError } from '@batuta/contract';
import type { EgressProxy, OpenEgress } from '../../port/egress-proxy.ts';
import type { SandboxKind, SandboxNetwork } from '../../port/sandbox.ts';

/** The way out of one command: null where there is none. Errors: `sandbox-unavailable`. */
export async function openEgress(
  proxy: Pick<EgressProxy, 'open'> | undefined,
  { allowedHosts, mayReach }: SandboxNetwork,
  kind: SandboxKind,
): Promise<OpenEgress | null> {
  if (allowedHosts.length === 0) return null;
  if (!proxy) {
    const reason = 'hosts are allowed (sandbox.allowed_hosts), but nothing leads to them';
    throw new BatutaError('sandbox-unavailable', { kind, reason, mend: 'Empty that list.' });
  }
  return await proxy.open({ allowedHosts, ...(mayReach ? { mayReach } : {}) });
}

/** Connections that were not made, for whoever wonders why. */
export function refusedBy(egress: OpenEgress | null): string[] {
  return (egress?.refused() ?? []).map(({ target, reason }) => `${target}: ${reason}`);
}
