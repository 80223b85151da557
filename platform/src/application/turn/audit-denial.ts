import type { Verdict } from '../../domain/policy/call-facts.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';

/**
 * Tells the audit log that a rule kept a tool from being called. The session's log has the call, its arguments and the reason; this entry
 * refers to it, and need not be as quick as the turn.
 */
export function auditDenial(
  context: EngineContext,
  held: HeldRun,
  { tool, callId, verdict }: { tool: string; callId: string; verdict: Verdict },
): void {
  const { userId, keyId, name } = held.record.requestedBy;
  context.audit.record(held.lease.tenantId, {
    kind: 'security',
    action: 'tool-call-denied',
    actor: userId ?? keyId ?? 'system',
    actorKind: userId !== null ? 'user' : keyId !== null ? 'key' : 'system',
    actorName: name,
    keyId,
    target: held.lease.runId,
    outcome: 'refused',
    reason: verdict.reason,
    address: null,
    before: null,
    after: { tool, call_id: callId },
  });
}
