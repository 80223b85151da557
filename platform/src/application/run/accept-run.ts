import { createHash } from 'node:crypto';
import {
  BatutaError,
  type AcceptedRunBody,
  type CreateRun,
  type Event,
  type NewEvent,
} from '@batuta/contract';
import { placeEvent } from '../../domain/run/place-event.ts';
import { hintFor } from '../../domain/definition/nearest-word.ts';
import type { DefinitionRecord, Lease, NewRun } from '../../port/run-record.ts';
import type { AcceptedRun, StartWish } from '../../port/run-store.ts';
import { ownerOf, visibleOwner } from '../../domain/identity/ownership.ts';
import { requesterOf, type Identity } from '../access/identity.ts';
import type { EngineContext } from '../turn/engine-context.ts';
import { holdNewRun, openingEvents } from '../turn/open-run.ts';
import { reserveStart } from '../turn/reserve-start.ts';
import { rememberAccounts } from '../turn/run-money.ts';
import type { GrantedRun, Worker } from '../worker/worker.ts';
import { readInput, titleOf } from './read-input.ts';

/** What accepting runs needs besides the engine. */
export interface AcceptContext {
  engine: EngineContext;
  /** Null in a process that only serves the API. */
  worker: Worker | null;
  queueLimit: number;
}

/** Who sent what, and under which key. */
export interface AcceptRequest {
  identity: Identity;
  body: CreateRun;
  idempotencyKey: string | undefined;
}

/**
 * Accepts a run: it is durable when this returns. Where this process has room it is started in the same transaction and nobody
 * needs to be told; otherwise it is queued and workers are told.
 */
export async function acceptRun(context: AcceptContext, request: AcceptRequest): Promise<AcceptedRunBody> {
  if (context.engine.limits.countsTokens(request.identity))
    await context.engine.limits.requireTokens(request.identity);
  const run = newRun(context.engine, request);
  const { worker } = context;
  const visibleTo = visibleOwner(request.identity);
  const accepted = worker?.canStart(run.tenantId)
    ? await worker.startAccepted((workerId) => acceptAndHold(context, run, { workerId, visibleTo }))
    : await accept(context, run, { start: null, visibleTo });
  if (!accepted.lease && accepted.run.status === 'queued') context.engine.notify.queued(accepted.run.id);
  const { id, sessionId, status } = accepted.run;
  return { id, session_id: sessionId, status };
}

function newRun(engine: EngineContext, { identity, body, idempotencyKey }: AcceptRequest): NewRun {
  const definition = engine.agents.find(body.agent);
  if (!definition) throw unknownAgent(engine, body.agent);
  const { parts, artifacts } = readInput(engine.ids, body.input);
  return {
    id: engine.ids.create('run'),
    tenantId: identity.tenantId,
    sessionId: body.session_id ?? engine.ids.create('session'),
    agent: body.agent,
    definition,
    newSession: body.session_id ? null : { title: titleOf(parts), metadata: {}, parentRunId: null },
    input: { messageId: engine.ids.create('message'), parts },
    artifacts,
    metadata: body.metadata ?? {},
    requestedBy: requesterOf(identity),
    ownerId: ownerOf(identity),
    parent: null,
    ancestors: [],
    idempotency:
      idempotencyKey === undefined
        ? null
        : { key: scopedKey(identity, idempotencyKey), requestHash: hashRequest(body) },
  };
}

/** Who does not see the runs of others has idempotency keys of their own: one of another's would give their run away. */
function scopedKey(identity: Identity, key: string): string {
  const owner = visibleOwner(identity);
  return owner === null ? key : `${owner}:${key}`;
}

function unknownAgent(engine: EngineContext, agent: string): BatutaError {
  const names = engine.agents.list().map((each) => each.definition.name);
  return new BatutaError('agent-unknown', { agent, hint: hintFor(agent, names) });
}

/** `wait` and `stream` say how to answer, not what to do: the same request may be repeated with others. */
function hashRequest({ agent, input, session_id, metadata }: CreateRun): string {
  const request = JSON.stringify([agent, input, session_id ?? null, metadata ?? {}]);
  return createHash('sha256').update(request).digest('hex');
}

async function accept(
  context: AcceptContext,
  run: NewRun,
  how: { start: StartWish | null; visibleTo: string | null },
): Promise<AcceptedRun> {
  const { probe, runs } = context.engine;
  await probe.reach('accept-before', { runId: run.id });
  const accepted = await runs.accept(run, { ...how, queueLimit: context.queueLimit });
  await probe.reach('accept-after', { runId: run.id });
  return accepted;
}

async function acceptAndHold(
  context: AcceptContext,
  run: NewRun,
  { workerId, visibleTo }: { workerId: string; visibleTo: string | null },
): Promise<{ result: AcceptedRun; granted: GrantedRun }> {
  const events = openingEvents(context.engine.clock, run);
  const reservation = await reserveStart(context.engine, run, events);
  const result = await accept(context, run, { start: { workerId, events, reservation }, visibleTo });
  if (!result.lease) return { result, granted: null };
  const { definition } = run;
  const written = result.reserved && reservation ? [...events, reservation.event] : events;
  const started = { result, lease: result.lease, definition, events: written };
  return { result, granted: grant(context.engine, started) };
}

interface Started {
  result: AcceptedRun;
  lease: Lease;
  definition: DefinitionRecord;
  events: readonly NewEvent[];
}

/** In a new session the log is what was just written; in an older one it must be read. */
function grant(engine: EngineContext, started: Started): GrantedRun {
  const { result, lease, definition } = started;
  const record = result.run;
  if (record.startedSeq === null) {
    const before = { previousStatus: 'queued', previousEpoch: 0 } as const;
    return { claimed: { run: record, lease, definition: definition.definition, ...before } };
  }
  const events = placeEvents(started.events, lease, record.createdAt);
  engine.feed.committed(lease.sessionId, events);
  const held = holdNewRun(engine, { lease, record, definition: definition.definition, events });
  rememberAccounts(held.money, result.reserved ?? []);
  return { held };
}

function placeEvents(events: readonly NewEvent[], lease: Lease, at: number): Event[] {
  const { sessionId, runId } = lease;
  return events.map((event, index) => placeEvent(event, { seq: index + 1, sessionId, runId, at }));
}
