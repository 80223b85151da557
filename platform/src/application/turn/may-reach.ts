import { BatutaError } from '@batuta/contract';
import { judgeCall } from '../../domain/policy/judge-call.ts';
import { hostOf, writtenHost } from '../../domain/policy/match-host.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import type { ExecutableTool, ToolContext } from '../../port/tool.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { factsOf } from './judge-prepared.ts';
import type { PreparedCall } from './prepare-calls.ts';

/**
 * Judges each address that a call is about to connect to: the host that its arguments name may lead elsewhere by now, and a server
 * may redirect. What a person approved holds for the host that they saw, or that the tool is declared to be called at.
 */
export function makeMayReach(
  context: Pick<EngineContext, 'clock'>,
  held: HeldRun,
  { policy, prepared }: { policy: CompiledPolicy; prepared: PreparedCall<ExecutableTool> },
): ToolContext['mayReach'] {
  const { call, tool } = prepared;
  const asked = new Set(hostsIn(prepared));
  return (url, addresses) => {
    const { verdict } = judgeCall(policy, { ...factsOf(context, held, prepared), hop: { url, addresses } });
    if (verdict.effect === 'allow') return;
    const isMeant = asked.has(hostOf(url)?.name ?? url.hostname) || url.host === tool.host;
    if (verdict.effect === 'ask' && call.approved !== null && isMeant) return;
    throw new BatutaError('address-refused', { tool: tool.name, address: url.host, reason: verdict.reason });
  };
}

function hostsIn({ input }: PreparedCall): string[] {
  if (typeof input !== 'object' || input === null) return [];
  return Object.values(input).flatMap((value) =>
    typeof value === 'string' ? (writtenHost(value)?.name ?? []) : [],
  );
}
