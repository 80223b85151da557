import { BatutaError, type Event, type NewEvent } from '@batuta/contract';
import { apply } from '../../domain/run/apply.ts';
import { placeEvent } from '../../domain/run/place-event.ts';
import { assertMayFollow } from '../../domain/run/transitions.ts';
import { projectRun } from '../../domain/run/project-run.ts';
import { runOf, type RunState, type SessionState } from '../../domain/run/state.ts';
import type { NewArtifact } from '../../port/artifact.ts';
import type {
  ApprovalClosing,
  EffectClaim,
  EffectSettlement,
  Lease,
  NewApproval,
  NewRun,
  Signal,
  TurnCommit,
} from '../../port/run-record.ts';
import type { CommitReceipt } from '../../port/run-store.ts';
import type { EngineContext } from './engine-context.ts';

/** What is staged besides events. */
export interface Staged {
  claims: EffectClaim[];
  settlements: EffectSettlement[];
  artifacts: NewArtifact[];
  children: NewRun[];
  approvals: NewApproval[];
  closings: ApprovalClosing[];
}

/** How a commit differs from the ordinary one. */
export interface CommitOptions {
  /** Gives the lease back: the run becomes `queued`. */
  release?: boolean;
  parentSignal?: { runId: string; signal: Signal };
}

type JournalContext = Pick<EngineContext, 'runs' | 'clock' | 'feed' | 'probe'>;

/**
 * The only writer of a session's log while its lease lasts. Events are *staged*: folded into the state at once, written with
 * the next commit together with everything that belongs to them. Nothing that depends on a staged event being durable (an
 * effect, a model call that was paid for) may start before the commit.
 */
export class TurnJournal {
  readonly #context: JournalContext;
  readonly #lease: Lease;
  #state: SessionState;
  /** The session as it is in the log. */
  #committed: SessionState;
  #events: NewEvent[] = [];
  #staged: Staged = nothingStaged();
  #signalsTakenTo = 0;
  #signalsCommittedTo = 0;

  constructor(context: JournalContext, lease: Lease, state: SessionState) {
    this.#context = context;
    this.#lease = lease;
    this.#state = state;
    this.#committed = state;
  }

  /** The session as of the last staged event. */
  get state(): SessionState {
    return this.#state;
  }

  /** The run as of the last staged event. Contract: its `run-started` was staged or read before. */
  get run(): RunState {
    const run = runOf(this.#state, this.#lease.runId);
    if (run) return run;
    throw new BatutaError('run-unknown', { id: this.#lease.runId });
  }

  /** Ids of the child runs that the next commit accepts. */
  get stagedChildren(): string[] {
    return this.#staged.children.map((child) => child.id);
  }

  /** Whether anything waits to be written. */
  get isStaged(): boolean {
    return this.#events.length > 0 || this.#signalsTakenTo > this.#signalsCommittedTo;
  }

  /** Folds events into the state and keeps them for the next commit. */
  stage(...events: NewEvent[]): void {
    const placed = this.#place(events, this.#state.lastSeq + 1, this.#context.clock.now());
    this.#state = apply(this.#state, placed);
    this.#events = [...this.#events, ...events];
  }

  /** Keeps rows that are written together with the staged events. */
  stageRows(rows: Partial<Staged>): void {
    const staged = this.#staged;
    this.#staged = {
      claims: [...staged.claims, ...(rows.claims ?? [])],
      settlements: [...staged.settlements, ...(rows.settlements ?? [])],
      artifacts: [...staged.artifacts, ...(rows.artifacts ?? [])],
      children: [...staged.children, ...(rows.children ?? [])],
      approvals: [...staged.approvals, ...(rows.approvals ?? [])],
      closings: [...staged.closings, ...(rows.closings ?? [])],
    };
  }

  /** Signals up to this id have been turned into staged events. */
  signalsTaken(id: number): void {
    this.#signalsTakenTo = Math.max(this.#signalsTakenTo, id);
  }

  /** Forgets what is staged: the state is that of the log again. */
  discard(): void {
    this.#state = this.#committed;
    this.#events = [];
    this.#staged = nothingStaged();
    this.#signalsTakenTo = this.#signalsCommittedTo;
  }

  /**
   * Stages the end of the run and commits. When that does not succeed, because signals must be taken up first or the store fails,
   * the end is taken back, so that nothing else can write it: only what was staged before stays.
   */
  async commitLast(stageEnd: () => void, options: CommitOptions): Promise<CommitReceipt> {
    const before = { state: this.#state, events: this.#events, staged: this.#staged };
    let isWritten = false;
    stageEnd();
    try {
      const receipt = await this.commit(options);
      isWritten = receipt.outcome === 'committed';
      return receipt;
    } finally {
      if (!isWritten) {
        this.#state = before.state;
        this.#events = before.events;
        this.#staged = before.staged;
      }
    }
  }

  /** Writes everything that is staged in one transaction. Errors: `lease-lost`. */
  async commit(options: CommitOptions = {}): Promise<CommitReceipt> {
    const { probe, runs, feed } = this.#context;
    const commit = this.#assemble(options);
    const state = this.#state;
    const detail = { runId: this.#lease.runId, events: commit.events.map((event) => event.kind) };
    await probe.reach('commit-before', detail);
    const receipt = await runs.commit(commit);
    await probe.reach('commit-after', detail);
    if (receipt.outcome !== 'committed') return receipt;
    const events = this.#place(commit.events, commit.firstSeq, receipt.at);
    this.#events = this.#events.slice(commit.events.length);
    this.#staged = nothingStaged();
    this.#signalsCommittedTo = Math.max(this.#signalsCommittedTo, commit.signalsTakenTo);
    this.#committed = state;
    if (events.length > 0) feed.committed(this.#lease.sessionId, events);
    return receipt;
  }

  #assemble(options: CommitOptions): TurnCommit {
    const run = projectRun(this.run, options.release ? 'queued' : this.run.status);
    // Who holds the lease commits a running run; a fault that would leave the table must not reach the database.
    if (run.status !== 'running') assertMayFollow('running', run.status);
    return {
      lease: this.#lease,
      firstSeq: this.#state.lastSeq - this.#events.length + 1,
      events: [...this.#events],
      run,
      ...this.#staged,
      ledger: [],
      signalsTakenTo: this.#signalsTakenTo > this.#signalsCommittedTo ? this.#signalsTakenTo : 0,
      parentSignal: options.parentSignal ?? null,
    };
  }

  #place(events: readonly NewEvent[], firstSeq: number, at: number): Event[] {
    const { sessionId, runId } = this.#lease;
    return events.map((event, index) => placeEvent(event, { seq: firstSeq + index, sessionId, runId, at }));
  }
}

function nothingStaged(): Staged {
  return { claims: [], settlements: [], artifacts: [], children: [], approvals: [], closings: [] };
}
