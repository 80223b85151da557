import { eventDataSchemas, type JsonObject, type RunError } from '@batuta/contract';
import { emptySession, type ReservationState } from '../../domain/run/state.ts';
import type { Lease } from '../../port/run-record.ts';
import type { ClaimedRun } from '../../port/run-store.ts';
import type { EngineContext } from './engine-context.ts';
import { finishRun } from './finish-run.ts';
import { hold, openingEvents } from './open-run.ts';
import { settleReservation } from './settle-reservation.ts';

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
  const { lastSeq, reservation } = await readLoosely(context, lease);
  const held = hold(context, { lease, record, definition }, { ...emptySession(lease.sessionId), lastSeq });
  held.journal.stage(
    ...openingEvents(context.clock, { ...record, definition: { hash: record.definitionHash, definition } }),
  );
  settleReservation(held, { kind: 'lost' }, reservation);
  await finishRun(context, held, { status: 'failed', error });
}

/** The end of the log, and the run's open reservation: money is not forgotten because something else cannot be read. */
async function readLoosely(context: EngineContext, { tenantId, sessionId, runId }: Lease) {
  let lastSeq = await context.events.foldStart(tenantId, sessionId);
  let reservation: ReservationState | null = null;
  for (;;) {
    const page = await context.events.read(tenantId, sessionId, { afterSeq: lastSeq, limit: pageSize });
    for (const { runId: of, kind, data } of page) {
      if (of !== runId) continue;
      if (kind === 'cost-reserved') reservation = readReservation(data);
      if (kind === 'cost-settled') reservation = null;
    }
    lastSeq = page.at(-1)?.seq ?? lastSeq;
    if (page.length < pageSize) return { lastSeq, reservation };
  }
}

function readReservation(data: JsonObject): ReservationState | null {
  const read = eventDataSchemas['cost-reserved'].safeParse(data);
  if (!read.success) return null;
  const { reservation_id: id, model, micros, charges } = read.data;
  return { id, model, micros, charges };
}
