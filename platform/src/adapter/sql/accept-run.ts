import { BatutaError } from '@batuta/contract';
import type { Lease, NewRun } from '../../port/run-record.ts';
import type { AcceptedRun, StartWish } from '../../port/run-store.ts';
import { violatedConstraint } from './database-error.ts';
import { toEventRows } from './event-rows.ts';
import type { DefinitionMemory } from './definition-memory.ts';
import { toRunRecord, type RunRow } from './run-row.ts';
import type { Query } from './statement.ts';
import { acceptRun, lockSession, type AcceptValues } from './statement/accept-run.ts';
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
    if (stored) return { run: toRunRecord(stored), repeated: false, lease: leaseOf(stored) };
    const earlier = await findEarlier(transactor, run);
    if (earlier) return earlier;
    await explainRefusal(transactor, run, options);
    if (attempt === attempts) throw new BatutaError('session-unknown', { id: run.sessionId });
  }
}

async function store(
  transactor: Transactor,
  definitions: DefinitionMemory,
  { run, options }: { run: NewRun; options: AcceptOptions },
): Promise<RunRow | undefined> {
  const scope = { tenant: run.tenantId };
  const lock = run.newSession ? [] : [lockSession(run.sessionId)];
  const queries = acceptQueries(run, options, definitions.isStored(run));
  try {
    const answers = await transactor.run(scope, [...lock, ...queries]);
    definitions.remember(run);
    return answers[lock.length]?.[0] as RunRow | undefined;
  } catch (error) {
    if (!isOutcomeUnknown(error) && violatedConstraint(error) !== 'runs_pkey') throw error;
    const [found] = await transactor.read(scope, readRun(run.id));
    if (found) return found;
    throw error;
  }
}

/** The queries that store a run and its files; a child run is stored by them in its parent's commit. */
export function acceptQueries(run: NewRun, options: AcceptOptions, isDefinitionStored: boolean): Query[] {
  const accepted = acceptRun(...acceptValues(run, options, isDefinitionStored));
  return [accepted, ...run.artifacts.map((artifact) => artifactQuery(run, artifact))];
}

function artifactQuery(run: NewRun, artifact: NewRun['artifacts'][number]): Query {
  const { id, name, mediaType, content } = artifact;
  return addArtifact(id, run.tenantId, run.sessionId, run.id, storableText(name), mediaType, content);
}

function acceptValues(run: NewRun, options: AcceptOptions, isDefinitionStored: boolean): AcceptValues {
  const events = toEventRows(run.newSession ? (options.start?.events ?? []) : []);
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
  ];
}

/** Parent run and call, idempotency key and request hash. */
function originOf({ parent, idempotency }: NewRun) {
  const fromParent = [parent?.runId ?? null, parent?.callId ?? null] as const;
  return [...fromParent, idempotency?.key ?? null, idempotency?.requestHash ?? null] as const;
}

/** Who asked for the run, and whose a new session is. */
function requesterOf({ requestedBy, ownerId }: NewRun) {
  const { userId, keyId, role, name } = requestedBy;
  return [userId, keyId, role, storableText(name), ownerId] as const;
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
  return { run: toRunRecord(earlier), repeated: true, lease: null };
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
