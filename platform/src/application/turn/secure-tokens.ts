import type { Usage } from '@batuta/contract';
import type { LimitKeeper } from '../limit/limits.ts';
import type { Party } from '../limit/party.ts';
import type { Refusal } from '../limit/permit-desk.ts';
import type { EngineContext } from './engine-context.ts';
import { failRun } from './fail-run.ts';
import type { HeldRun, RunEnd } from './held-run.ts';
import { secondsOf } from '../limit/limit-reached.ts';
import { suspendRun } from './suspend-run.ts';

/** The tokens of a call that is about to be made. */
export interface SecuredTokens {
  kind: 'secured';
  /** The call was answered, and used so many. */
  used(usage: Usage): void;
  /** The call is over: what it did not use is given back. */
  close(): void;
}

/** What became of the wish for tokens. `end`: of the run; undefined: it was interrupted, or signals came, and decides anew. */
export type TokenOutcome = SecuredTokens | { kind: 'refused'; end: RunEnd | undefined };

/** Runs that were refused together do not come back together: each waits up to so much longer. */
const longestSpreadMs = 60_000;

/**
 * Makes sure that tokens are left for a call, by the limits of who asked for the run, and holds so many as it is expected to read.
 * Where none are left the call waits: a moment in the hands of this worker, else as a waiting row with a timer; or the run fails, by
 * configuration. States: *free* (nothing is limited), *waiting here*, *suspended*, *failed*, *secured* until `close`.
 */
export async function secureTokens(
  context: EngineContext,
  held: HeldRun,
  expected: number,
): Promise<TokenOutcome> {
  const party = partyOf(held);
  if (!context.limits.countsTokens(party)) return free;
  const began = context.clock.monotonic();
  for (;;) {
    const refusal = await context.limits.tokenWait(party);
    if (!refusal) return hold(context.limits, party, expected);
    const left = context.limits.tokenWaitMs - (context.clock.monotonic() - began);
    if (refusal.retryAfterMs > left)
      return { kind: 'refused', end: await meetTokenLimit(context, held, refusal) };
    if (await isCalledAway(context, held, refusal.retryAfterMs)) return { kind: 'refused', end: undefined };
  }
}

/** Counts tokens of a call for which nothing was held. */
export function countTokens(context: EngineContext, held: HeldRun, usage: Usage): void {
  const party = partyOf(held);
  if (context.limits.countsTokens(party)) context.limits.chargeTokens(party, tokensOf(usage));
}

const free: SecuredTokens = { kind: 'secured', used: () => undefined, close: () => undefined };

function partyOf({ lease, record }: HeldRun): Party {
  const { userId, keyId, address = null } = record.requestedBy;
  return { tenantId: lease.tenantId, userId, keyId, address };
}

/** What a provider bills: all that was read, cached or not, and all that was written. */
function tokensOf({ input_tokens: input, output_tokens: output }: Usage): number {
  return input + output;
}

function hold(limits: LimitKeeper, party: Party, expected: number): SecuredTokens {
  const held = Math.ceil(expected);
  limits.chargeTokens(party, held);
  let used = 0;
  return {
    kind: 'secured',
    used: (usage) => void (used = tokensOf(usage)),
    close: () => limits.chargeTokens(party, used - held),
  };
}

/** Waits here. Nothing that is known already stays unwritten meanwhile. True when the run has something else to do first. */
async function isCalledAway(context: EngineContext, held: HeldRun, ms: number): Promise<boolean> {
  const { journal, control } = held;
  if (journal.isStaged) {
    const receipt = await journal.commit();
    if (receipt.outcome === 'committed' && receipt.signalsPending) control.mustFetch = true;
  }
  if (!control.mustFetch && !control.isStopping && control.interruption === null) {
    await context.clock.sleep(ms, control.signal);
  }
  return control.mustFetch || control.hasSignals || control.isStopping || control.interruption !== null;
}

/** A number in [0, 1) that differs from run to run. */
function placeOf(runId: string): number {
  return (Number.parseInt(runId.slice(-4), 36) % 1000) / 1000;
}

async function meetTokenLimit(
  context: EngineContext,
  held: HeldRun,
  { bucket, retryAfterMs }: Refusal,
): Promise<RunEnd | undefined> {
  const onLimit = context.limits.onTokenLimit;
  const spread = Math.min(longestSpreadMs, Math.max(1_000, retryAfterMs)) * placeOf(held.lease.runId);
  const until = Math.ceil(context.clock.now() + retryAfterMs + spread);
  const resumes = onLimit === 'wait' ? { resumes_at: new Date(until).toISOString() } : {};
  held.journal.stage({ kind: 'limit-reached', data: { ...bucket.rule, on_limit: onLimit, ...resumes } });
  if (onLimit === 'wait') return suspendRun(context, held, { kind: 'wait', waitingFor: 'timer', until });
  const data = { ...bucket.rule, retry_after_seconds: secondsOf(retryAfterMs) };
  return failRun(context, held, { code: 'token-limit-reached', data });
}
