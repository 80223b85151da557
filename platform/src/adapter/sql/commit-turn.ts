import { BatutaError, isEnded } from '@batuta/contract';
import type { AccountState, TurnCommit } from '../../port/run-record.ts';
import type { CommitReceipt } from '../../port/run-store.ts';
import { commitQueries } from './commit-queries.ts';
import { refusalReason, violatedConstraint } from './database-error.ts';
import type { CommittedRow } from './statement/commit-turn.ts';
import { readRun, readWriter } from './statement/read-run.ts';
import { isOutcomeUnknown, type Transactor } from './transactor.ts';

/** Times that a commit whose connection broke is sent again, and the pause before each. */
const repeatPausesMs = [50, 250, 1000];

/**
 * Writes one turn: everything of it or nothing, and only while the lease holds.
 *
 * When the connection breaks the commit may have taken place. The event at `firstSeq` tells: it carries the epoch of the
 * lease that wrote it, and one lease writes one place of the log once. Written: the commit took place. Not written: it
 * is sent again. Should the first one still arrive, one of both fails on the key of the events, and the log is asked anew.
 */
export async function commit(transactor: Transactor, turn: TurnCommit): Promise<CommitReceipt> {
  try {
    return await send(transactor, turn);
  } catch (error) {
    if (!isOutcomeUnknown(error) || turn.events.length === 0) throw error;
    return await settleUnknown(transactor, turn, error);
  }
}

async function send(transactor: Transactor, turn: TurnCommit): Promise<CommitReceipt> {
  try {
    const answers = await transactor.run({ tenant: turn.lease.tenantId }, commitQueries(turn));
    const accounts = turn.charges.length === 0 ? [] : (answers.at(-1) as AccountState[]);
    return toReceipt(answers[0]?.[0] as CommittedRow, accounts, filledWebhooks(turn, answers));
  } catch (error) {
    const reason = refusalReason(error);
    if (reason === 'not-held') return await explainRefusal(transactor, turn);
    // Its signal was left in the transaction of the decision.
    if (reason === 'decided') return { outcome: 'signals-first' };
    if (reason === 'budget-short' || reason === 'alerted-before') return { outcome: reason };
    if (reason !== undefined) throw effectConflict(turn, reason, error);
    // Another lease wrote at this place of the log: what this worker knows of the session is out of date.
    if (violatedConstraint(error) === 'events_pkey') throw leaseLost(turn, error);
    throw error;
  }
}

function toReceipt(
  row: CommittedRow,
  accounts: readonly AccountState[],
  webhooks: readonly string[],
): CommitReceipt {
  const { at, status, signals_pending: signals } = row;
  const filled = webhooks.length === 0 ? {} : { webhooks };
  return { outcome: 'committed', at, status, signalsPending: signals > 0, accounts, ...filled };
}

/** The webhooks that the outbox was filled for: its answer stands before that of the charges. */
function filledWebhooks(
  { announcements = [], charges }: TurnCommit,
  answers: readonly unknown[][],
): string[] {
  if (announcements.length === 0) return [];
  const rows = answers.at(charges.length === 0 ? -1 : -2) as { webhook_id: string }[];
  return rows.map((row) => row.webhook_id);
}

function leaseLost(turn: TurnCommit, cause?: unknown): BatutaError<'lease-lost'> {
  return new BatutaError('lease-lost', { id: turn.lease.runId }, { cause });
}

function effectConflict(turn: TurnCommit, action: string, cause: unknown): BatutaError<'effect-conflict'> {
  const calls = action === 'claimed' ? turn.claims : turn.settlements;
  const callIds = calls.map((call) => call.callId).join(', ');
  return new BatutaError('effect-conflict', { id: turn.lease.runId, calls: callIds, action }, { cause });
}

/** A refused commit: either the lease is lost, or it was a success while signals wait. */
async function explainRefusal(transactor: Transactor, turn: TurnCommit): Promise<CommitReceipt> {
  const [run] = await transactor.read({ tenant: turn.lease.tenantId }, readRun(turn.lease.runId));
  const isHeld = run?.status === 'running' && run.lease_epoch === turn.lease.epoch;
  if (isHeld && turn.run.status === 'succeeded' && run.signals_pending > 0)
    return { outcome: 'signals-first' };
  throw leaseLost(turn);
}

async function settleUnknown(
  transactor: Transactor,
  turn: TurnCommit,
  first: unknown,
): Promise<CommitReceipt> {
  let unknown = first;
  for (const pause of repeatPausesMs) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      return (await findWritten(transactor, turn)) ?? (await sendAgain(transactor, turn));
    } catch (error) {
      if (!BatutaError.has(error, 'database-unreachable')) throw error;
      unknown = error;
    }
  }
  throw unknown;
}

/** A second sending may find the lease gone because the first one arrived after all and ended the run. */
async function sendAgain(transactor: Transactor, turn: TurnCommit): Promise<CommitReceipt> {
  try {
    return await send(transactor, turn);
  } catch (error) {
    if (!BatutaError.has(error, 'lease-lost')) throw error;
    const written = await findWritten(transactor, turn);
    if (written) return written;
    throw error;
  }
}

/** The receipt of a commit that took place although its answer was lost. */
async function findWritten(transactor: Transactor, turn: TurnCommit): Promise<CommitReceipt | undefined> {
  const { tenantId, sessionId, runId, epoch } = turn.lease;
  const scope = { tenant: tenantId };
  const [writer] = await transactor.read(scope, readWriter(sessionId, turn.firstSeq));
  if (!writer) return undefined;
  if (writer.run_id !== runId || writer.epoch !== epoch) throw leaseLost(turn);
  const [run] = await transactor.read(scope, readRun(runId));
  if (run?.lease_epoch === epoch) {
    return {
      outcome: 'committed',
      at: writer.at,
      status: run.status,
      signalsPending: run.signals_pending > 0,
    };
  }
  // It was written, and another worker has gone on since.
  if (!isEnded(turn.run.status) && turn.run.status !== 'waiting') throw leaseLost(turn);
  return { outcome: 'committed', at: writer.at, status: turn.run.status, signalsPending: false };
}
