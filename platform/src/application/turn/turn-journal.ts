import { BatutaError, type Event, type NewEvent } from '@batuta/contract';
import { apply } from '../../domain/run/apply.ts';
import { placeEvent } from '../../domain/run/place-event.ts';
import { projectRun } from '../../domain/run/project-run.ts';
import type { RunState, SessionState } from '../../domain/run/state.ts';
import type { NewArtifact } from '../../port/artifact.ts';
import type {
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
  #events: NewEvent[] = [];
  #staged: Staged = nothingStaged();
  #signalsTakenTo = 0;
  #signalsCommittedTo = 0;

  constructor(context: JournalContext, lease: Lease, state: SessionState) {
    this.#context = context;
    this.#lease = lease;
    this.#state = state;
  }

  /** The session as of the last staged event. */
  get state(): SessionState {
    return this.#state;
  }

  /** The run as of the last staged event. Contract: its `run-started` was staged or read before. */
  get run(): RunState {
    const run = this.#state.run;
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
    this.#events.push(...events);
  }

  /** Keeps rows that are written together with the staged events. */
  stageRows(rows: Partial<Staged>): void {
    this.#staged.claims.push(...(rows.claims ?? []));
    this.#staged.settlements.push(...(rows.settlements ?? []));
    this.#staged.artifacts.push(...(rows.artifacts ?? []));
    this.#staged.children.push(...(rows.children ?? []));
    this.#staged.approvals.push(...(rows.approvals ?? []));
  }

  /** Signals up to this id have been turned into staged events. */
  signalsTaken(id: number): void {
    this.#signalsTakenTo = Math.max(this.#signalsTakenTo, id);
  }

  /** Stages events, commits, and takes them back when the store wants waiting signals to be taken up first. */
  async commitLast(events: readonly NewEvent[], options: CommitOptions): Promise<CommitReceipt> {
    const before = { state: this.#state, count: this.#events.length };
    this.stage(...events);
    const receipt = await this.commit(options);
    if (receipt.outcome === 'signals-first') {
      this.#state = before.state;
      this.#events.length = before.count;
    }
    return receipt;
  }

  /** Writes everything that is staged in one transaction. Errors: `lease-lost`. */
  async commit(options: CommitOptions = {}): Promise<CommitReceipt> {
    const { probe, runs, feed } = this.#context;
    const commit = this.#assemble(options);
    const detail = { runId: this.#lease.runId, events: commit.events.map((event) => event.kind) };
    await probe.reach('commit-before', detail);
    const receipt = await runs.commit(commit);
    await probe.reach('commit-after', detail);
    if (receipt.outcome !== 'committed') return receipt;
    const events = this.#place(commit.events, commit.firstSeq, receipt.at);
    this.#events = this.#events.slice(commit.events.length);
    this.#staged = nothingStaged();
    this.#signalsCommittedTo = commit.signalsTakenTo;
    if (events.length > 0) feed.committed(this.#lease.sessionId, events);
    return receipt;
  }

  #assemble(options: CommitOptions): TurnCommit {
    const run = projectRun(this.run, options.release ? 'queued' : this.run.status);
    return {
      lease: this.#lease,
      firstSeq: this.#state.lastSeq - this.#events.length + 1,
      events: [...this.#events],
      run,
      ...this.#staged,
      ledger: [],
      signalsTakenTo: this.#signalsTakenTo,
      parentSignal: options.parentSignal ?? null,
    };
  }

  #place(events: readonly NewEvent[], firstSeq: number, at: number): Event[] {
    const { sessionId, runId } = this.#lease;
    return events.map((event, index) => placeEvent(event, { seq: firstSeq + index, sessionId, runId, at }));
  }
}

function nothingStaged(): Staged {
  return { claims: [], settlements: [], artifacts: [], children: [], approvals: [] };
}
