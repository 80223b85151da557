import type { NewEvent } from '@batuta/contract';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import type { PreparedCall } from './prepare-calls.ts';

/** The event that makes the run wait for a person's consent elsewhere, where a call needs one that was not given. */
export async function authorizationEvent(
  context: EngineContext,
  held: HeldRun,
  { call, tool }: PreparedCall,
): Promise<NewEvent | null> {
  if (tool.kind !== 'execute' || !tool.authorization) return null;
  const { tenantId } = held.lease;
  const needed = await tool.authorization({ tenantId, userId: held.record.requestedBy.userId });
  if (!needed) return null;
  const { server, url } = needed;
  // However often the run is woken meanwhile, the time began when consent was asked for first.
  const asked = call.wait?.for === 'authorization' ? call.wait.expiresAt : null;
  const expiresAt = asked ?? context.clock.now() + context.settings.approvalHours * 3_600_000;
  return {
    kind: 'authorization-requested',
    data: {
      call_id: call.callId,
      tool: call.tool,
      server,
      url,
      expires_at: new Date(expiresAt).toISOString(),
    },
  };
}
