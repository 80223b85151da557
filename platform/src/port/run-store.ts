import type { RunStatus, WaitReason } from '@batuta/contract';
import type { NewEvent } from '@batuta/contract';
import type { AgentDefinition } from '@batuta/contract';
import type {
  AccountState,
  Lease,
  NewReservation,
  NewRun,
  RunRecord,
  Signal,
  StoredSignal,
  TurnCommit,
} from './run-record.ts';
import type { Announcement } from './webhook-store.ts';

/** What accepting a run gave. */
export interface AcceptedRun {
  run: RunRecord;
  /** True when the idempotency key had been used with the same request: `run` is the one of then. */
  repeated: boolean;
  /** Set when the caller's worker holds the run already and shall start it. */
  lease: Lease | null;
  /** Whether the reservation of the wish to start took place, and what the accounts hold since. */
  reserved: readonly AccountState[] | null;
}

/** A wish to start a run in the accepting process: granted when no other run of its session is under way. */
export interface StartWish {
  workerId: string;
  /** First events of the run; written only when the wish is granted for a new session, from seq 1. */
  events: readonly NewEvent[];
  /** Money for the first model call: set aside, with its event after `events`, if it is there; otherwise the run starts without. */
  reservation?: NewReservation | null;
}

/** A run that a worker took, with what it needs to go on. */
export interface ClaimedRun {
  run: RunRecord;
  lease: Lease;
  definition: AgentDefinition;
  /** What the run was before: `running` when another worker's lease had expired. */
  previousStatus: RunStatus;
  /** Epoch of the lease before this one. */
  previousEpoch: number;
}

/** What became of a commit. A lost lease is the error `lease-lost`, and nothing was written. */
export type CommitReceipt =
  | {
      outcome: 'committed';
      /** Milliseconds since the epoch of the transaction: the `at` of its events. */
      at: number;
      /** Status as stored: `queued` where `waiting` was asked for but signals had arrived. */
      status: RunStatus;
      /** Signals wait to be taken up. */
      signalsPending: boolean;
      /** What the charged accounts hold; absent where the answer was lost. */
      accounts?: readonly AccountState[];
      /** Webhooks that have something to deliver now; absent or incomplete where that is not known. */
      webhooks?: readonly string[];
    }
  /**
   * Not written because signals wait that would change it: take them up first. A commit to `succeeded` must not lose a message; one
   * that lets an approval expire must not override a decision.
   */
  | { outcome: 'signals-first' }
  /** Nothing was written because a charge would pass its limit, or what its slice was lent. */
  | { outcome: 'budget-short' }
  /** Nothing was written because one of the alerts was given before. */
  | { outcome: 'alerted-before' };

/** What a heartbeat found out. */
export interface HeartbeatAnswer {
  /** Runs that this worker still holds. Any other run it works on was taken by another. */
  held: { runId: string; epoch: number; signalsPending: boolean }[];
}

/** A run that was cancelled before a worker began it. */
export interface CancelledUnstarted {
  /** Webhooks whose outbox was filled in the same transaction: they have something to send. */
  webhooks: readonly string[];
}

/** Runs, their queue, their leases, and the commit that everything goes through. */
export interface RunStore {
  /**
   * Stores a run before the client hears of it. Errors: `session-unknown`, `session-agent-conflict`,
   * `idempotency-key-reused`, `queue-full` (more than `queueLimit` queued runs of the tenant). With `visibleTo` the sessions
   * of all other owners are unknown.
   */
  accept(
    run: NewRun,
    options: { start: StartWish | null; queueLimit: number; visibleTo?: string | null },
  ): Promise<AcceptedRun>;
  /**
   * Takes up to `limit` runs for a worker, oldest first: queued heads of their session, waiting ones whose time has come,
   * and running ones whose worker's heartbeat has expired. `runIds` narrows it to these. Two workers never get the same run.
   */
  claim(workerId: string, options: { limit: number; runIds?: readonly string[] }): Promise<ClaimedRun[]>;
  /** Writes one turn. Errors: `lease-lost`. */
  commit(commit: TurnCommit): Promise<CommitReceipt>;
  /** Signals of a run in order of arrival. They stay until a commit takes them. */
  signals(lease: Lease): Promise<StoredSignal[]>;
  /**
   * Leaves a signal. Where the run is `waiting` it becomes `queued`. `allowed` lists the statuses in which the signal makes
   * sense; in another one: `run-state-conflict` with `action`. Retry moves `failed` to `queued`. Errors: `run-unknown`.
   * Returns the run as it is afterwards.
   */
  signal(
    target: { tenantId: string; runId: string },
    signal: Signal,
    rule: { allowed: readonly RunStatus[]; action: string },
  ): Promise<RunRecord>;
  /**
   * Cancels a run that no worker ever began; null when it was begun or has ended. It leaves no event. A parent that waits
   * for it is told by the signal `child-ended` in the same transaction, and webhooks what `announce` makes of the run.
   */
  cancelUnstarted(
    tenantId: string,
    runId: string,
    announce?: (run: RunRecord) => Announcement,
  ): Promise<CancelledUnstarted | null>;
  get(tenantId: string, runId: string): Promise<RunRecord | undefined>;
  /** The agent's definition of this hash, as runs that began with it have it. */
  definition(tenantId: string, hash: string): Promise<AgentDefinition | undefined>;
  /** Newest first; `before` is the id of the last one of the page before. */
  list(tenantId: string, filter: RunFilter): Promise<RunRecord[]>;
  /** Live children of a run: those that have not ended. */
  liveChildren(tenantId: string, runId: string): Promise<string[]>;
  /** Makes the runs of a tenant that wait for something claimable; their ids. */
  wakeWaiting(tenantId: string, reason: WaitReason): Promise<string[]>;
  /** Keeps a worker's leases valid for `ttlMs` more, and registers it the first time. */
  heartbeat(workerId: string, ttlMs: number): Promise<HeartbeatAnswer>;
  /** Makes single leases of a worker expire at once: those whose runs it does not know of. */
  abandon(workerId: string, leases: readonly { runId: string; epoch: number }[]): Promise<void>;
  /** Makes the leases of a worker expire at once: the last act of a graceful shutdown. */
  retire(workerId: string): Promise<void>;
  /** Embedded database only: no other process can hold a lease, so those of former processes expire at once. */
  retireAllBut(workerId: string): Promise<void>;
}

/** Which runs to list. */
export interface RunFilter {
  sessionId?: string;
  status?: RunStatus;
  /** Only runs that belong to this one. */
  ownerId?: string;
  before?: string;
  limit: number;
}
