import { BatutaError, type NewEvent } from '@batuta/contract';
import type { AccountState, Lease, NewRun } from '../../port/run-record.ts';
import type { AcceptedRun, StartWish } from '../../port/run-store.ts';
import { chargeValues, ledgerQueries } from './charge-queries.ts';
import { refusalReason, violatedConstraint } from './database-error.ts';
import { toEventRows } from './event-rows.ts';
import type { DefinitionMemory } from './definition-memory.ts';
import { toRunRecord, type RunRow } from './run-row.ts';
import type { Query } from './statement.ts';
import { acceptRun, lockSession, type AcceptValues } from './statement/accept-run.ts';
import { chargeStart } from './statement/charge-accounts.ts';
import { addArtifact } from './statement/add-artifact.ts';
import { countQueued, readRun, readRunOfKey } from './statement/read-run.ts';
import { readSession, type SessionRow } from './statement/read-session.ts';
import { storableText } from './storable-text.ts';
import { isOutcomeUnknown, type Transactor } from './transactor.ts';

/** Seconds after which a client that met a full queue may try again. */
const retryAfterSeconds = 5;

/** Attempts in which a run that cannot be stored, for reasons that are gone when looked for, is tried again. */
const attempts = 3;

/** How a run is accepted. */
export interface AcceptOptions {
  start: StartWish | null;
  queueLimit: number;
  visibleTo?: string | null;
}

/**
 * Stores a run, or finds the one that its idempotency key stands for. An accept whose connection broke is looked up by
 * the run's id before it is tried again, so that it takes place once.
 */
export async function accept(
  transactor: Transactor,
  definitions: DefinitionMemory,
  request: { run: NewRun; options: AcceptOptions },
): Promise<AcceptedRun> {
  const { run, options } = request;
  for (let attempt = 1; ; attempt += 1) {
    const stored = await store(transactor, definitions, request);
    if (stored)
      return {
        run: toRunRecord(stored.row),
        repeated: false,
        lease: leaseOf(stored.row),
        reserved: stored.reserved,
      };
    const earlier = await findEarlier(transactor, run);
    if (earlier) return earlier;
    await explainRefusal(transactor, run, options);
    if (attempt === attempts) throw new BatutaError('session-unknown', { id: run.sessionId });
  }
}

interface Stored {
  row: RunRow;
  /** Null when no money was set aside. */
  reserved: AccountState[] | null;
}

interface AcceptTask {
  run: NewRun;
  options: AcceptOptions;
}

/** Money that is not there keeps no run from being stored: it starts without, and finds out what its budgets say to that. */
async function store(
  transactor: Transactor,
  definitions: DefinitionMemory,
  task: AcceptTask,
): Promise<Stored | undefined> {
  try {
    return await send(transactor, definitions, task);
  } catch (error) {
    if (refusalReason(error) === 'budget-short')
      return await store(transactor, definitions, { ...task, options: withoutReservation(task.options) });
    return await findStored(transactor, task, error);
  }
}

async function send(
  transactor: Transactor,
  definitions: DefinitionMemory,
  { run, options }: AcceptTask,
): Promise<Stored | undefined> {
  const lock = run.newSession ? [] : [lockSession(run.sessionId)];
  const queries = acceptQueries(run, options, definitions.isStored(run));
  const money = reservationQueries(run, options);
  const answers = await transactor.run({ tenant: run.tenantId }, [...lock, ...queries, ...money]);
  definitions.remember(run);
  const row = answers[lock.length]?.[0] as RunRow | undefined;
  return row && { row, reserved: money.length === 0 ? null : (answers.at(-1) as AccountState[]) };
}

/** An accept whose connection broke may have taken place: then with everything that belonged to it. */
async function findStored(
  transactor: Transactor,
  { run, options }: AcceptTask,
  error: unknown,
): Promise<Stored> {
  if (!isOutcomeUnknown(error) && violatedConstraint(error) !== 'runs_pkey') throw error;
  const [row] = await transactor.read({ tenant: run.tenantId }, readRun(run.id));
  if (!row) throw error;
  return { row, reserved: reservationQueries(run, options).length > 0 ? [] : null };
}

function withoutReservation(options: AcceptOptions): AcceptOptions {
  return { ...options, start: options.start && { ...options.start, reservation: null } };
}

/** What sets money aside for the first call of a run that starts at once. It stands last: see `chargeStart`. */
function reservationQueries(run: NewRun, { start }: AcceptOptions): Query[] {
  if (!run.newSession || !start?.reservation) return [];
  const { entry, charges } = start.reservation;
  return [...ledgerQueries(run.id, [entry]), chargeStart(...chargeValues(run.tenantId, charges), run.id)];
}

function startEvents(run: NewRun, { start }: AcceptOptions): readonly NewEvent[] {
  if (!run.newSession || !start) return [];
  return start.reservation ? [...start.events, start.reservation.event] : start.events;
}

/** The queries that store a run and its files; a child run is stored by them in its parent's commit. */
export function acceptQueries(run: NewRun, options: AcceptOptions, isDefinitionStored: boolean): Query[] {
  const accepted = acceptRun(...acceptValues(run, options, isDefinitionStored));
  return [accepted, ...run.artifacts.map((artifact) => artifactQuery(run, artifact))];
}

function artifactQuery(run: NewRun, artifact: NewRun['artifacts'][number]): Query {
  const { id, name, mediaType, content, labels = [] } = artifact;
  return addArtifact(id, run.tenantId, run.sessionId, run.id, storableText(name), mediaType, content, labels);
}

function acceptValues(run: NewRun, options: AcceptOptions, isDefinitionStored: boolean): AcceptValues {
  const events = toEventRows(startEvents(run, options));
  return [
    run.id,
    run.tenantId,
    run.sessionId,
    run.agent,
    run.definition.hash,
    isDefinitionStored ? null : JSON.stringify(run.definition.definition),
    ...originOf(run),
    JSON.stringify(run.input),
    JSON.stringify(run.metadata),
    ...newSessionOf(run),
    options.start?.workerId ?? null,
    options.queueLimit,
    events.kinds,
    events.versions,
    events.data,
    ...requesterOf(run),
    options.visibleTo ?? null,
    ancestorsJson(run),
  ];
}

/** Parent run and call, idempotency key and request hash. */
function originOf({ parent, idempotency }: NewRun) {
  const fromParent = [parent?.runId ?? null, parent?.callId ?? null] as const;
  return [...fromParent, idempotency?.key ?? null, idempotency?.requestHash ?? null] as const;
}

/** Who asked for the run, and whose a new session is. */
function requesterOf({ requestedBy, ownerId }: NewRun) {
  const { userId, keyId, role, name, address = null } = requestedBy;
  return [userId, keyId, role, storableText(name), ownerId, address] as const;
}

function ancestorsJson({ ancestors }: NewRun): string | null {
  return ancestors.length === 0 ? null : JSON.stringify(ancestors);
}

/** Whether the session is new, its title, metadata and parent run. */
function newSessionOf({ newSession }: NewRun) {
  if (!newSession) return [false, '', '{}', null] as const;
  const { title, metadata, parentRunId } = newSession;
  return [true, storableText(title), JSON.stringify(metadata), parentRunId] as const;
}

function leaseOf(row: RunRow): Lease | null {
  if (row.status !== 'running' || row.lease_worker === null) return null;
  return {
    tenantId: row.tenant_id,
    sessionId: row.session_id,
    runId: row.id,
    workerId: row.lease_worker,
    epoch: row.lease_epoch,
  };
}

async function findEarlier(transactor: Transactor, run: NewRun): Promise<AcceptedRun | undefined> {
  if (!run.idempotency) return undefined;
  const { key, requestHash } = run.idempotency;
  const [earlier] = await transactor.read({ tenant: run.tenantId }, readRunOfKey(key));
  if (!earlier) return undefined;
  if (earlier.request_hash !== requestHash)
    throw new BatutaError('idempotency-key-reused', { id: earlier.id });
  return { run: toRunRecord(earlier), repeated: true, lease: null, reserved: null };
}

function checkSession(
  { sessionId, agent }: NewRun,
  session: SessionRow | undefined,
  visibleTo: string | null,
): void {
  const isHidden = visibleTo !== null && session?.owner_id !== visibleTo;
  if (!session || isHidden) throw new BatutaError('session-unknown', { id: sessionId });
  if (session.agent === agent) return;
  throw new BatutaError('session-agent-conflict', { id: sessionId, agent: session.agent });
}

/** Throws what kept a run from being stored; returns when it is gone by now. */
async function explainRefusal(transactor: Transactor, run: NewRun, options: AcceptOptions): Promise<void> {
  const scope = { tenant: run.tenantId };
  if (!run.newSession) {
    const [session] = await transactor.read(scope, readSession(run.sessionId));
    checkSession(run, session, options.visibleTo ?? null);
  }
  const [queued] = await transactor.read(scope, countQueued(run.tenantId, options.queueLimit));
  const count = queued?.count ?? 0;
  if (count >= options.queueLimit) {
    throw new BatutaError('queue-full', { count, retry_after_seconds: retryAfterSeconds });
  }
}
