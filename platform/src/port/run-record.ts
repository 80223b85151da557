import type {
  AgentDefinition,
  ApprovalDecision,
  ArgumentPattern,
  JsonObject,
  NewEvent,
  Role,
  RulePlace,
  RunError,
  RunStatus,
  TaintLabel,
  Usage,
  UserPart,
  WaitReason,
} from '@batuta/contract';
import type { NewCachedAnswer } from './answer-cache.ts';
import type { NewArtifact } from './artifact.ts';
import type { Announcement } from './webhook-store.ts';

/**
 * The right to write to one session's log, held by one worker. `epoch` grows by one each time any worker takes the run;
 * a write with an old epoch changes nothing. The lease is valid while its worker's heartbeat is.
 */
export interface Lease {
  tenantId: string;
  sessionId: string;
  runId: string;
  workerId: string;
  epoch: number;
}

/** Who asked for a run, as they were then. Its child runs were asked for by the same. */
export interface Requester {
  /** The user behind the key or the browser's session; null where nobody is. */
  userId: string | null;
  /** The key, the same for all keys that it was rotated into. */
  keyId: string | null;
  role: Role;
  /** Name of the user or key. */
  name: string;
  /** Network address that they came from, whose tokens may be limited; null or absent where there is none. */
  address?: string | null;
}

/** A run's row: the projection of its events that lists and claims read. */
export interface RunRecord {
  id: string;
  tenantId: string;
  sessionId: string;
  agent: string;
  definitionHash: string;
  status: RunStatus;
  waitingFor: WaitReason | null;
  /** Milliseconds since the epoch at which a waiting run becomes claimable by itself. */
  wakeAt: number | null;
  parent: ParentCall | null;
  /** Parent first. */
  ancestors: readonly Ancestor[];
  input: RunInputRecord;
  outputText: string | null;
  usage: Usage;
  /** Millionths of a US dollar; null when a model had no known price. */
  costMicros: number | null;
  turns: number;
  attempt: number;
  error: RunError | null;
  metadata: JsonObject;
  requestedBy: Requester;
  /** Whose the session and all in it is: a user's or a key's id (`domain/identity/ownership.ts`). */
  ownerId: string | null;
  /** Place of the run's first event; null before a worker began it. */
  startedSeq: number | null;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
}

/** What a run was asked, kept with its row until its first event is written. */
export interface RunInputRecord {
  messageId: string;
  parts: UserPart[];
  /** Labels of the context in which another run wrote this input; absent: none. */
  taint?: TaintLabel[];
}

/** The tool call of a parent run that a child run answers. */
export interface ParentCall {
  runId: string;
  callId: string;
}

/** An agent definition under the hash of its content. */
export interface DefinitionRecord {
  hash: string;
  definition: AgentDefinition;
}

/** What is needed to accept a run. */
export interface NewRun {
  id: string;
  tenantId: string;
  sessionId: string;
  agent: string;
  definition: DefinitionRecord;
  /** Set when the session does not exist yet. */
  newSession: { title: string; metadata: JsonObject; parentRunId: string | null } | null;
  input: RunInputRecord;
  artifacts: readonly NewArtifact[];
  metadata: JsonObject;
  requestedBy: Requester;
  /** Whose a new session is; a session that exists keeps its owner. */
  ownerId: string | null;
  parent: ParentCall | null;
  /** Parent first. */
  ancestors: readonly Ancestor[];
  /** The same key with the same request hash gives the same run. */
  idempotency: { key: string; requestHash: string } | null;
}

/** The part of a run's row that its worker changes with each commit. All fields are written each time. */
export interface RunProjection {
  status: RunStatus;
  waitingFor: WaitReason | null;
  wakeAt: number | null;
  turns: number;
  attempt: number;
  usage: Usage;
  costMicros: number | null;
  outputText: string | null;
  error: RunError | null;
  startedSeq: number;
}

/** Something from outside that a run's worker must take up: the log has one writer, so others leave signals. */
export type Signal =
  | { kind: 'cancel'; data: { reason: string; cancelledBy: string } }
  /** Ends the run as failed; it can be retried. */
  | { kind: 'fail'; data: { error: RunError } }
  | { kind: 'message'; data: { messageId: string; parts: UserPart[] } }
  | { kind: 'approval-decided'; data: { approvalId: string; callId: string } & MadeDecision }
  | {
      kind: 'child-ended';
      data: {
        callId: string;
        runId: string;
        status: RunStatus;
        text: string;
        /** Labels of the child's context; absent: none. */
        taint?: TaintLabel[];
      };
    }
  | { kind: 'retry'; data: { requestedBy: string } };

/** What a person decided about an approval, and who that was. */
export interface MadeDecision {
  decision: ApprovalDecision;
  decidedBy: string;
  reason?: string;
  /** Arguments in place of the model's: canonical JSON, and its hash. */
  edited?: { arguments: string; argumentsHash: string };
  /** Calls that match need no decision for the rest of the session. */
  pattern?: ArgumentPattern;
  /** What a question was answered. */
  answer?: string;
}

/** A signal as stored, with its place in the order of arrival. */
export type StoredSignal = Signal & { id: number };

/** An effect about to be executed. The store refuses a second claim of a settled call. */
export interface EffectClaim {
  callId: string;
  tool: string;
  argumentsHash: string;
  attempt: number;
}

/** The recorded outcome of a claimed effect. */
export interface EffectSettlement {
  callId: string;
  outcome: string;
}

/** Why a person is asked: a rule says so, nobody knows whether an effect happened, or the run itself has a question. */
export type ApprovalReason = 'policy' | 'unknown-outcome' | 'question';

/** Something for a person to decide, stored with the event that asks for it. */
export interface NewApproval {
  id: string;
  callId: string;
  tool: string;
  /** Canonical JSON of the checked arguments: exactly what would run. */
  arguments: string;
  argumentsHash: string;
  policyVersion: string;
  /** The rule that asked, and why in words; null where the platform itself asks. */
  rule: RulePlace | null;
  why: string | null;
  reason: ApprovalReason;
  decisions: readonly ApprovalDecision[];
  neededRole: Role;
  /** Taint of the run when it asked. */
  labels: readonly string[];
  requestedBy: string | null;
  question: { text: string; options: readonly string[] | null } | null;
  /** Null: it waits as long as its run does. */
  expiresAt: number | null;
}

/** An approval that ends without a decision. */
export interface ApprovalClosing {
  id: string;
  /** `expired`: the commit is refused when somebody has decided meanwhile. `withdrawn`: a decision that was made stays. */
  as: 'expired' | 'withdrawn';
}

/**
 * One movement of money, stored with the event that names it. A reservation is closed once: by `settle` (what the call cost), `release`
 * (nothing was sent) or `lost` (nobody knows: all of it counts as spent). A call that no budget covers has a `settle` only.
 */
export interface LedgerEntry {
  reservationId: string;
  kind: 'reserve' | 'settle' | 'release' | 'lost';
  model: string;
  micros: number;
  /** Tokens of the call, with `settle`. */
  usage?: Usage | undefined;
}

/** What a commit changes on one account: what a subject of budgets has spent and reserved in a period. */
export interface AccountCharge {
  account: string;
  /** 0: the account itself; from 1: a slice of it, so that many runs can be charged at the same time. */
  slice: number;
  /** Micro-dollars to add to what is spent. */
  spent: number;
  /** Micro-dollars to add to what is reserved; negative where a reservation is closed. */
  reserved: number;
  /** What must not be passed. Null: nothing is checked. A slice is checked against what it was lent. */
  limit: number | null;
}

/** What an account holds in all its slices, in micro-dollars. */
export interface AccountState {
  account: string;
  spent: number;
  reserved: number;
}

/** An alert that is given once for an account, a limit and a threshold. */
export interface BudgetAlert {
  account: string;
  limitMicros: number;
  threshold: number;
}

/** Money that is set aside for a model call: the event that says so and what it changes. */
export interface NewReservation {
  event: NewEvent;
  entry: LedgerEntry;
  charges: readonly AccountCharge[];
}

/** A run above this one: what is charged for a child run is charged for its parents, too. */
export interface Ancestor {
  runId: string;
  sessionId: string;
  agent: string;
}

/** Everything that one turn changes: it is stored whole, in one transaction, or not at all. */
export interface TurnCommit {
  lease: Lease;
  /** Place in the log of the first of `events`: one more than the last that the worker knows. */
  firstSeq: number;
  events: readonly NewEvent[];
  run: RunProjection;
  claims: readonly EffectClaim[];
  settlements: readonly EffectSettlement[];
  artifacts: readonly NewArtifact[];
  /** Child runs to accept; each gets a new session. */
  children: readonly NewRun[];
  approvals: readonly NewApproval[];
  closings: readonly ApprovalClosing[];
  ledger: readonly LedgerEntry[];
  /** All of them are carried out, or the commit is refused: `budget-short`. */
  charges: readonly AccountCharge[];
  /** Refused as a whole where one was given before: `alerted-before`. */
  alerts: readonly BudgetAlert[];
  /** What webhooks are told of `events`, where the tenant has some that want it; absent: nothing. */
  announcements?: readonly Announcement[];
  /** Answers to be given again. */
  cachedAnswers: readonly NewCachedAnswer[];
  /** Signals up to this id are taken up by this commit and removed; 0 for none. */
  signalsTakenTo: number;
  /** Set when an ended run must tell its parent: the signal is posted and a waiting parent becomes queued. */
  parentSignal: { runId: string; signal: Signal } | null;
}
