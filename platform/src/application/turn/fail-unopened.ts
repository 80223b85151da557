import type { RunError } from '@batuta/contract';
import { emptySession } from '../../domain/run/state.ts';
import type { Lease } from '../../port/run-record.ts';
import type { ClaimedRun } from '../../port/run-store.ts';
import type { EngineContext } from './engine-context.ts';
import { finishRun } from './finish-run.ts';
import { hold, openingEvents } from './open-run.ts';

const pageSize = 1_000;

/**
 * Fails a run whose log cannot be folded: nobody could ever go on with it, and the session would be stuck behind it. It is written as
 * if it had begun just now, because what it did before cannot be read.
 */
export async function failUnopened(
  context: EngineContext,
  claimed: ClaimedRun,
  error: RunError,
): Promise<void> {
  const { lease, run: record, definition } = claimed;
  const state = { ...emptySession(lease.sessionId), lastSeq: await lastSeqOf(context, lease) };
  const held = hold(context, { lease, record, definition }, state);
  held.journal.stage(
    ...openingEvents(context.clock, { ...record, definition: { hash: record.definitionHash, definition } }),
  );
  await finishRun(context, held, { status: 'failed', error });
}

async function lastSeqOf(context: EngineContext, { tenantId, sessionId }: Lease): Promise<number> {
  let lastSeq = await context.events.foldStart(tenantId, sessionId);
  for (;;) {
    const page = await context.events.read(tenantId, sessionId, { afterSeq: lastSeq, limit: pageSize });
    lastSeq = page.at(-1)?.seq ?? lastSeq;
    if (page.length < pageSize) return lastSeq;
  }
}
