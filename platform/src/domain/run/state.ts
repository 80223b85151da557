import type {
  ApprovalDecision,
  AssistantPart,
  CallOutcome,
  ModelTier,
  RunError,
  Role,
  RunStatus,
  SessionGrant,
  Usage,
  UserPart,
  WaitReason,
} from '@batuta/contract';
import type { ApprovalBinding } from '../policy/approval-binding.ts';
import type { TaintMark } from '../policy/context-taint.ts';

/** One message of the conversation, with its place in the log. */
export type HistoryItem =
  | { seq: number; role: 'user'; messageId: string; parts: readonly UserPart[] }
  | { seq: number; role: 'assistant'; messageId: string; parts: readonly AssistantPart[] }
  | { seq: number; role: 'tool'; callId: string; tool: string; outcome: CallOutcome; content: string }
  /** Said by the platform, not by a person. */
  | { seq: number; role: 'notice'; text: string }
  /** Stands for everything before it. */
  | { seq: number; role: 'summary'; text: string };

/**
 * Where a tool call of the last answer stands.
 *
 * - `asked`: the model asked for it and nothing has been started (or a repetition was decided).
 * - `claimed`: an effect that has been announced; it may be under way.
 * - `unknown`: claimed, and nobody can say whether it happened; a person is to be asked.
 * - `waiting`: for a person, a timer, a child run.
 * - `settled`: has its one result.
 */
export type CallStatus = 'asked' | 'claimed' | 'unknown' | 'waiting' | 'settled';

/** What a waiting call waits for. */
export type CallWait =
  | {
      for: 'input';
      /** The record that can be answered; null in logs from before there were such. */ approvalId:
        | string
        | null;
    }
  | { for: 'timer'; wakeAt: number }
  | { for: 'child'; runId: string; sessionId: string }
  | { for: 'authorization'; server: string; expiresAt: number }
  | {
      for: 'approval';
      reason: 'policy' | 'unknown-outcome';
      approvalId: string;
      expiresAt: number;
      /** What a decision is about. */
      binding: ApprovalBinding;
      neededRole: Role;
      labels: readonly string[];
    };

/** One tool call of the last answer. */
export interface CallState {
  callId: string;
  tool: string;
  /** As the model wrote them. */
  arguments: string;
  /** The answer that asked for it ended because the model's output limit was reached. */
  outputCut: boolean;
  status: CallStatus;
  /** How often it was claimed. */
  attempt: number;
  wait: CallWait | null;
  /** The record of what its tool asks a person while it is under way. */
  question: string | null;
  /** A person's decision that has not been carried out yet. */
  decision: { decision: ApprovalDecision | 'expire'; decidedBy: string; reason: string | null } | null;
  /** What a person allowed where the rules ask: the call may run as long as it is bound to just that. */
  approved: (ApprovalBinding & { approvalId: string }) | null;
  /** What runs instead of `arguments`, because a person changed them: canonical JSON. */
  edited: string | null;
}

/** What the progress guard remembers: finished calls in order, newest last, bounded. */
export interface ProgressState {
  recent: readonly {
    tool: string;
    signature: string;
    resultSignature: string;
    isError: boolean;
    isDenied: boolean;
  }[];
  /** Calls that have finished in the present attempt. */
  finished: number;
  /** Patterns that the model was warned of, and how many calls had finished then. */
  warned: readonly { pattern: string; finished: number }[];
}

/** Money set aside for one model call, on which accounts. */
export interface ReservationState {
  id: string;
  /** The dearest model that may be asked. */
  model: string;
  micros: number;
  charges: readonly { account: string; slice: number }[];
}

/** The latest run of a session as its events tell it. */
export interface RunState {
  runId: string;
  agent: string;
  definitionHash: string;
  parent: { run_id: string; call_id: string } | null;
  status: RunStatus;
  waitingFor: WaitReason | null;
  /** Milliseconds since the epoch at which the current wait began. */
  waitingSince: number | null;
  wakeAt: number | null;
  startedSeq: number;
  /** Milliseconds since the epoch; grows by the time in which the run waited or nobody worked on it. */
  deadlineAt: number | null;
  attempt: number;
  /** The tier of models that answers, and the one that was asked for; null for an agent that names its models. */
  tier: { asked: ModelTier; used: ModelTier } | null;
  /** How often in a row the run was taken over from a worker that was lost, without a step forward in between. */
  recoveries: number;
  /** Model calls of this run in all its attempts. */
  turns: number;
  /** Model calls of the present attempt: what the turn limit counts. */
  turnsOfAttempt: number;
  usage: Usage;
  /** Millionths of a US dollar; null once a call had no known price. */
  costMicros: number | null;
  /** Money set aside for a model call whose cost is not known yet. */
  reservation: ReservationState | null;
  /** How often in a row the run was suspended because a budget was short. */
  budgetWaits: number;
  calls: readonly CallState[];
  /** Ids of all calls that the run's models asked for: none may be used twice. */
  callIds: readonly string[];
  /** The last answer when it asked for no tool: the output if nothing follows it. */
  answer: { messageId: string; text: string } | null;
  progress: ProgressState;
  outputText: string | null;
  error: RunError | null;
}

/** A session as its log tells it. */
export interface SessionState {
  sessionId: string;
  lastSeq: number;
  /** Instant of the last event, as it stands in the log. */
  lastAt: string | null;
  history: readonly HistoryItem[];
  run: RunState | null;
  /** Failed runs before `run`: each can be retried although the session has gone on since. */
  failedRuns: readonly RunState[];
  /** What was approved for the rest of this session, oldest first. */
  grants: readonly SessionGrant[];
  /** Calls of former runs that never got a result: they are settled before the next model call. */
  orphans: readonly { callId: string; tool: string }[];
  /** What the context is labelled with: untrusted text, private data. Labels are never taken off again. */
  taint: readonly TaintMark[];
  /** References of tools that were found by searching, the latest ones. The same array until it changes. */
  foundTools: readonly string[];
  /** Addresses that the person has written, the latest ones: reading just these sends nothing that the person did not. */
  typedAddresses: readonly string[];
}

const noTools: readonly string[] = [];

/** A session before its first event. */
export function emptySession(sessionId: string): SessionState {
  return {
    sessionId,
    lastSeq: 0,
    lastAt: null,
    history: [],
    run: null,
    failedRuns: [],
    grants: [],
    orphans: [],
    taint: [],
    foundTools: noTools,
    typedAddresses: [],
  };
}

/** The session's present run, or a failed one before it, by its id. */
export function runOf(state: SessionState, runId: string): RunState | undefined {
  if (state.run?.runId === runId) return state.run;
  return state.failedRuns.find((run) => run.runId === runId);
}
