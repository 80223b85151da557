import { secondsOf } from '../limit/limit-reached.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import type { PreparedCall, PreparedCalls } from './prepare-calls.ts';
import { settledEvent } from './settled-event.ts';

/** Takes out the calls of tools that were called too often, before any of them is claimed or starts; the model is told when to try again. */
export async function limitCalls(
  context: EngineContext,
  held: HeldRun,
  prepared: PreparedCalls,
): Promise<PreparedCalls> {
  if (prepared.reads.length + prepared.effects.length === 0) return prepared;
  const refusals = [...prepared.refusals];
  const pass = async <P extends PreparedCall>(calls: readonly P[]): Promise<P[]> => {
    const passed: P[] = [];
    for (const each of calls) {
      const taken = context.limits.takeCall(held.lease.tenantId, each.tool.name);
      const refusal = taken instanceof Promise ? await taken : taken;
      if (!refusal) passed.push(each);
      else refusals.push(settledEvent(each.call, { outcome: 'failed', content: tell(each, refusal) }));
    }
    return passed;
  };
  return { ...prepared, reads: await pass(prepared.reads), effects: await pass(prepared.effects), refusals };
}

function tell(
  { tool }: PreparedCall,
  { bucket, retryAfterMs }: { bucket: { rule: { limit: number; per: string } }; retryAfterMs: number },
): string {
  const { limit, per } = bucket.rule;
  return `${tool.name} was not called: it may be called ${limit} times a ${per}. It can be called again in ${secondsOf(retryAfterMs)} s. Go on without it, or wait.`;
}
