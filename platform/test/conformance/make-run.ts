import { agentDefinitionSchema, noUsage, type NewEvent } from '@batuta/contract';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { makeUuidIds } from '../../src/adapter/ids-uuid/uuid-ids.ts';
import type { AuditEntry } from '../../src/port/audit-log.ts';
import type { Lease, NewApproval, NewRun, RunProjection, TurnCommit } from '../../src/port/run-record.ts';
import type { AcceptedRun, RunStore } from '../../src/port/run-store.ts';

/** Makes identifiers of tests. */
export const ids = makeUuidIds(systemClock);

const definition = agentDefinitionSchema.parse({
  name: 'assistant',
  description: 'Helps.',
  instructions: 'Help.',
});

/** An entry of the audit log. */
export const entry: AuditEntry = {
  action: 'test',
  actor: 'system',
  actorKind: 'system',
  target: null,
  outcome: 'succeeded',
  address: null,
  before: null,
  after: null,
};

/** A run of a new session of the tenant `acme`. */
export function makeRun(changes: Partial<NewRun> = {}): NewRun {
  return {
    id: ids.create('run'),
    tenantId: 'acme',
    sessionId: ids.create('session'),
    agent: 'assistant',
    definition: { hash: 'definition-1', definition },
    newSession: { title: 'Hello', metadata: { topic: 'test' }, parentRunId: null },
    input: { messageId: ids.create('message'), parts: [{ type: 'text', text: 'Hello' }] },
    artifacts: [],
    metadata: { origin: 'test' },
    requestedBy: { userId: null, keyId: 'key_1', role: 'administrator', name: 'tester' },
    ownerId: 'key_1',
    parent: null,
    ancestors: [],
    idempotency: null,
    ...changes,
  };
}

/** A run of a session that exists. */
export function makeNextRun(sessionId: string, changes: Partial<NewRun> = {}): NewRun {
  return makeRun({ sessionId, newSession: null, ...changes });
}

/** The first event of a run. */
export const started: NewEvent = {
  kind: 'run-started',
  data: { agent: 'assistant', definition_hash: 'definition-1' },
};

/** An event that says something. */
export function note(text: string): NewEvent {
  return { kind: 'note-added', data: { topic: 'test', data: { text } } };
}

/** What a running run's row becomes. */
export const running: RunProjection = {
  status: 'running',
  waitingFor: null,
  wakeAt: null,
  turns: 1,
  attempt: 1,
  usage: noUsage,
  costMicros: 0,
  outputText: null,
  error: null,
  startedSeq: 1,
};

/** A commit of one note; `changes` replace what is different. */
export function makeTurn(lease: Lease, firstSeq: number, changes: Partial<TurnCommit> = {}): TurnCommit {
  return {
    lease,
    firstSeq,
    events: [note(`event ${firstSeq}`)],
    run: running,
    claims: [],
    settlements: [],
    artifacts: [],
    children: [],
    approvals: [],
    closings: [],
    ledger: [],
    charges: [],
    alerts: [],
    cachedAnswers: [],
    signalsTakenTo: 0,
    parentSignal: null,
    ...changes,
  };
}

/** Accepts a run that waits in the queue. */
export async function queue(runs: RunStore, run: NewRun = makeRun()): Promise<AcceptedRun> {
  return await runs.accept(run, { start: null, queueLimit: 1000 });
}

/** Accepts a run that `worker-1` starts at once; its first event is written. */
export async function start(runs: RunStore, run: NewRun = makeRun()): Promise<Lease> {
  const wish = { workerId: 'worker-1', events: [started] };
  const { lease } = await runs.accept(run, { start: wish, queueLimit: 1000 });
  if (!lease) throw new TypeError('the run was not started');
  return lease;
}

/** Ends a run that has written up to `firstSeq - 1`. */
export async function end(runs: RunStore, lease: Lease, firstSeq: number): Promise<void> {
  const run = { ...running, status: 'succeeded' as const, outputText: 'Done' };
  await runs.commit(makeTurn(lease, firstSeq, { run }));
}

/** A question for a person, for a commit. */
export function makeApproval(changes: Partial<NewApproval> = {}): NewApproval {
  return {
    id: ids.create('approval'),
    callId: 'call-1',
    tool: 'send_mail',
    arguments: '{"to":"a \u0000"}',
    argumentsHash: 'hash',
    policyVersion: '1',
    rule: { source: 'project', name: 'ask: send_mail', file: 'policies/mail.yaml', line: 3 },
    why: 'Mail leaves the house.',
    reason: 'policy',
    decisions: ['approve', 'deny'],
    neededRole: 'operator',
    labels: ['untrusted'],
    requestedBy: 'ana',
    question: null,
    expiresAt: Date.now() + 60_000,
    ...changes,
  };
}
