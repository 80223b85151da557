import { BatutaError, type Event, type NewEvent } from '@batuta/contract';
import { apply } from '../../domain/run/apply.ts';
import { placeEvent } from '../../domain/run/place-event.ts';
import { assertMayFollow } from '../../domain/run/transitions.ts';
import { projectRun } from '../../domain/run/project-run.ts';
import { runOf, type RunState, type SessionState } from '../../domain/run/state.ts';
import { announce } from '../../domain/webhook/announce.ts';
import type { NewCachedAnswer } from '../../port/answer-cache.ts';
import type { NewArtifact } from '../../port/artifact.ts';
import type {
  ApprovalClosing,
  AccountCharge,
  BudgetAlert,
  EffectClaim,
  EffectSettlement,
  Lease,
  LedgerEntry,
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
  cachedAnswers: NewCachedAnswer[];
  closings: ApprovalClosing[];
  ledger: LedgerEntry[];
  charges: AccountCharge[];
  alerts: BudgetAlert[];
}

/** How a commit differs from the ordinary one. */
export interface CommitOptions {
  /** Gives the lease back: the run becomes `queued`. */
  release?: boolean;
  parentSignal?: { runId: string; signal: Signal };
}

/** What became of a commit of the journal. */
export type JournalReceipt = Extract<CommitReceipt, { outcome: 'committed' | 'signals-first' }>;

type JournalContext = Pick<EngineContext, 'runs' | 'clock' | 'feed' | 'probe' | 'notify'>;

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
      claims: joined(staged.claims, rows.claims),
      settlements: joined(staged.settlements, rows.settlements),
      artifacts: joined(staged.artifacts, rows.artifacts),
      children: joined(staged.children, rows.children),
      approvals: joined(staged.approvals, rows.approvals),
      cachedAnswers: joined(staged.cachedAnswers, rows.cachedAnswers),
      closings: joined(staged.closings, rows.closings),
      ledger: joined(staged.ledger, rows.ledger),
      charges: joined(staged.charges, rows.charges),
      alerts: joined(staged.alerts, rows.alerts),
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
   * Stages something and commits. When that does not succeed, because signals must be taken up first or the store fails, it is taken back,
   * so that nothing else can write it: only what was staged before stays.
   */
  async commitLast(stageLast: () => void, options: CommitOptions = {}): Promise<JournalReceipt> {
    return expected(await this.#commitOrTakeBack(stageLast, options));
  }

  /** Like `commitLast`, for what may be refused because a budget is short. */
  async commitReserving(stageReservation: () => void): Promise<JournalReceipt | { outcome: 'budget-short' }> {
    return this.#commitOrTakeBack(stageReservation, {});
  }

  /** Writes everything that is staged in one transaction. Errors: `lease-lost`. */
  async commit(options: CommitOptions = {}): Promise<JournalReceipt> {
    return expected(await this.#commit(options));
  }

  async #commitOrTakeBack(stageLast: () => void, options: CommitOptions) {
    const before = { state: this.#state, events: this.#events, staged: this.#staged };
    let isWritten = false;
    stageLast();
    try {
      const receipt = await this.#commit(options);
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

  async #commit(options: CommitOptions): Promise<JournalReceipt | { outcome: 'budget-short' }> {
    const { probe, runs, feed } = this.#context;
    const commit = this.#assemble(options);
    const state = this.#state;
    const detail = { runId: this.#lease.runId, events: commit.events.map((event) => event.kind) };
    await probe.reach('commit-before', detail);
    const receipt = await runs.commit(commit);
    await probe.reach('commit-after', detail);
    if (receipt.outcome === 'alerted-before') {
      this.#dropAlerts();
      return await this.#commit(options);
    }
    if (receipt.outcome !== 'committed') return receipt;
    const events = this.#place(commit.events, commit.firstSeq, receipt.at);
    this.#events = this.#events.slice(commit.events.length);
    this.#staged = nothingStaged();
    this.#signalsCommittedTo = Math.max(this.#signalsCommittedTo, commit.signalsTakenTo);
    this.#committed = state;
    if (events.length > 0) feed.committed(this.#lease.sessionId, events);
    if (receipt.webhooks) this.#context.notify.announced(this.#lease.tenantId, receipt.webhooks);
    return receipt;
  }

  /** Somebody else has given an alert already: what is staged is folded anew without it. */
  #dropAlerts(): void {
    const events = this.#events.filter((event) => event.kind !== 'budget-alerted');
    this.#staged = { ...this.#staged, alerts: [] };
    this.#events = [];
    this.#state = this.#committed;
    this.stage(...events);
  }

  #assemble(options: CommitOptions): TurnCommit {
    const run = projectRun(this.run, options.release ? 'queued' : this.run.status);
    // Who holds the lease commits a running run; a fault that would leave the table must not reach the database.
    if (run.status !== 'running') assertMayFollow('running', run.status);
    const lease = this.#lease;
    const firstSeq = this.#state.lastSeq - this.#events.length + 1;
    return {
      lease,
      firstSeq,
      events: [...this.#events],
      run,
      announcements: announce(this.#events, { lease, firstSeq, run, state: this.run }),
      ...this.#staged,
      signalsTakenTo: this.#signalsTakenTo > this.#signalsCommittedTo ? this.#signalsTakenTo : 0,
      parentSignal: options.parentSignal ?? null,
    };
  }

  #place(events: readonly NewEvent[], firstSeq: number, at: number): Event[] {
    const { sessionId, runId } = this.#lease;
    return events.map((event, index) => placeEvent(event, { seq: firstSeq + index, sessionId, runId, at }));
  }
}

/** A charge without a limit is never refused. */
function expected(receipt: JournalReceipt | { outcome: 'budget-short' }): JournalReceipt {
  if (receipt.outcome !== 'budget-short') return receipt;
  throw new BatutaError('internal', { incident: 'a charge that has no limit was refused' });
}

function joined<T>(staged: T[], more: readonly T[] | undefined): T[] {
  return more === undefined ? staged : [...staged, ...more];
}

function nothingStaged(): Staged {
  return {
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
  };
}
