import type { AgentDefinition, Event, NewEvent } from '@batuta/contract';
import { fold } from '../../domain/run/apply.ts';
import { taintEvents, type NewTaint, type TaintMark } from '../../domain/policy/context-taint.ts';
import { upgradeEvent } from '../../domain/run/upgrade-event.ts';
import { runOf, type RunState, type SessionState } from '../../domain/run/state.ts';
import type {
  DefinitionRecord,
  Lease,
  ParentCall,
  RunInputRecord,
  RunRecord,
} from '../../port/run-record.ts';
import type { ClaimedRun } from '../../port/run-store.ts';
import type { Clock } from '../../port/clock.ts';
import { tierEvents } from '../economy/choose-run-tier.ts';
import { modelsOf } from '../economy/models-of-run.ts';
import { deadlineOf } from './deadline.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { RunControl } from './run-control.ts';
import { newRunMoney } from './run-money.ts';
import { settleReservation } from './settle-reservation.ts';
import { toolsOf } from './tools-of-run.ts';
import { TurnJournal } from './turn-journal.ts';

/** Events of one read; long logs are read in several. */
const pageSize = 1_000;

/** The first events of a run; `marks` are the labels that its session has already. */
export function openingEvents(
  clock: Clock,
  run: { agent: string; definition: DefinitionRecord; parent: ParentCall | null; input: RunInputRecord },
  marks: readonly TaintMark[] = [],
): NewEvent[] {
  const { agent, definition, parent, input } = run;
  return [
    {
      kind: 'run-started',
      data: {
        agent,
        definition_hash: definition.hash,
        deadline_at: deadlineOf(clock, definition.definition),
        ...(parent ? { parent: { run_id: parent.runId, call_id: parent.callId } } : {}),
      },
    },
    // Before the message, so that no copy of the log has the message without them.
    ...taintEvents(marks, taintOfInput(input)),
    { kind: 'message-added', data: { message_id: input.messageId, origin: 'input', parts: input.parts } },
    ...tierEvents(definition.definition, input.parts, null),
  ];
}

/** A task brings the labels of the context that it was written in; what a person types brings none, files are private. */
function taintOfInput({ parts = [], taint = [] }: Partial<RunInputRecord>): NewTaint[] {
  const file = parts.find((part) => part.type === 'file');
  return [
    ...taint.map((label) => ({ label, source: 'parent' as const })),
    ...(file ? [{ label: 'private', source: 'file', origin: file.name ?? 'file' } as const] : []),
  ];
}

/** A run that was accepted and started in one transaction: its state follows from its opening events alone. */
export function holdNewRun(
  context: EngineContext,
  run: { lease: Lease; record: RunRecord; definition: AgentDefinition; events: readonly Event[] },
): HeldRun {
  return hold(context, run, fold(run.lease.sessionId, run.events));
}

/** Reads the session's log and stages what this run's log needs before it can go on. */
export async function openClaimedRun(context: EngineContext, claimed: ClaimedRun): Promise<HeldRun> {
  const { lease, run: record, definition } = claimed;
  const state = await readState(context, lease);
  const known = runOf(state, lease.runId);
  const dueAt = claimed.previousStatus === 'waiting' ? (known?.wakeAt ?? 0) : 0;
  const held = hold(context, { lease, record, definition, dueAt }, state);
  const events = known ? goOn(claimed, known) : begin(context, claimed, state.taint);
  held.journal.stage(...events);
  const lostQuestions = known?.calls.flatMap(({ question }) => question ?? []) ?? [];
  held.journal.stageRows({ closings: lostQuestions.map((id) => ({ id, as: 'withdrawn' })) });
  // What the process before this one may have sent was paid for, and nobody knows what it cost.
  settleReservation(held, { kind: 'lost' });
  held.control.mustFetch = true;
  return held;
}

function begin(
  context: EngineContext,
  { run, definition }: ClaimedRun,
  marks: readonly TaintMark[],
): NewEvent[] {
  const { agent, parent, input, definitionHash: hash } = run;
  return openingEvents(context.clock, { agent, parent, input, definition: { hash, definition } }, marks);
}

/** A failed run goes on by the retry signal that waits for it. */
function goOn(claimed: ClaimedRun, run: RunState): NewEvent[] {
  if (run.status === 'waiting') {
    return [{ kind: 'run-resumed', data: { waited_for: run.waitingFor ?? 'input' } }];
  }
  if (run.status !== 'running') return [];
  const cause = claimed.previousStatus === 'running' ? 'lease-expired' : 'lease-returned';
  return [{ kind: 'run-recovered', data: { cause, lost_epoch: claimed.previousEpoch } }];
}

async function readState(context: EngineContext, lease: Lease): Promise<SessionState> {
  const { tenantId, sessionId } = lease;
  let afterSeq = await context.events.foldStart(tenantId, sessionId);
  const events: Event[] = [];
  for (;;) {
    const page = await context.events.read(tenantId, sessionId, { afterSeq, limit: pageSize });
    for (const stored of page) events.push(upgradeEvent(stored));
    afterSeq = page.at(-1)?.seq ?? afterSeq;
    if (page.length < pageSize) return fold(sessionId, events);
  }
}

/** Puts a run into this worker's hands as its session's state has it. */
export function hold(
  context: EngineContext,
  run: { lease: Lease; record: RunRecord; definition: AgentDefinition; dueAt?: number },
  state: SessionState,
): HeldRun {
  const { lease, record, definition, dueAt = 0 } = run;
  const journal = new TurnJournal(context, lease, state);
  return {
    lease,
    record,
    definition,
    get tools() {
      return toolsOf(context, definition);
    },
    get models() {
      return modelsOf(context, definition, journal.run.tier?.used);
    },
    journal,
    control: new RunControl(),
    money: newRunMoney(lease, record),
    dueAt,
    compaction: 'none',
  };
}
