import type { NewEvent } from '@batuta/contract';
import { fitInto } from '../../domain/budget/worst-case.ts';
import { fold } from '../../domain/run/apply.ts';
import { placeEvent } from '../../domain/run/place-event.ts';
import type { NewReservation, NewRun } from '../../port/run-record.ts';
import { modelsOf } from '../economy/models-of-run.ts';
import { turnNeed } from './call-need.ts';
import type { EngineContext } from './engine-context.ts';
import { makeReservation } from './make-reservation.ts';
import { priceNeed } from './price-need.ts';
import { coveredRun, placeOf } from './run-money.ts';
import { toolsOf } from './tools-of-run.ts';

/**
 * Money for the first model call of a run that starts at once in a new session, to be set aside in the transaction that accepts it: what
 * the call is about follows from the run's opening events alone. Null when nothing is to be reserved, or not without a closer look.
 */
export async function reserveStart(
  engine: EngineContext,
  run: NewRun,
  opening: readonly NewEvent[],
): Promise<NewReservation | null> {
  if (!run.newSession) return null;
  const { tenantId } = run;
  const covers = await engine.money.book.coverOf(tenantId, coveredRun(run));
  if (covers.length === 0) return null;
  const { prices } = engine.money;
  const priced = priceNeed(prices, firstNeed(engine, run, opening), covers);
  if (priced.kind !== 'priced') return null;
  const limits = covers.flatMap(({ strictest }) => (strictest ? [strictest.limitMicros] : []));
  const worst = fitInto(Math.min(...limits), priced.need, prices);
  if (!worst) return null;
  const task = { tenantId, place: placeOf(run.id), covers, worst };
  const { reservation, mustCount } = makeReservation(engine, task);
  return mustCount ? null : reservation;
}

function firstNeed(engine: EngineContext, run: NewRun, opening: readonly NewEvent[]) {
  const at = engine.clock.now();
  const { sessionId, id: runId } = run;
  const events = opening.map((event, index) => placeEvent(event, { seq: index + 1, sessionId, runId, at }));
  const state = fold(sessionId, events);
  const { definition } = run.definition;
  return turnNeed(engine, {
    definition,
    tools: toolsOf(engine, definition).shown,
    models: modelsOf(engine, definition, state.run?.tier?.used),
    history: state.history,
  });
}
