/**
 * What a test and its worker process say to each other: one JSON object a line. The test sends requests; the process
 * answers each under its number, and tells news on its own.
 */
import type { AcceptedRunBody, Approval, ApprovalDecision, DecideApproval, Run } from '@batuta/contract';
import type { ProbeDetail, ProbePoint } from '@batuta/platform/ports';

/** Which database a worker process opens. */
export type WorkerDatabase = { directory: string } | { url: string };

/** How a worker process is set up; it travels in the environment. */
export interface WorkerSetup {
  database: WorkerDatabase;
  /** Path of a module that exports `makeScenario` (a `ScenarioModule`). */
  scenario: string;
  /** Address of the outside world that the tools call. */
  outside: string;
  leaseMs?: number;
  pollMs?: number;
  coalesceMs?: number;
  approvalHours?: number;
}

/** What a worker process can be asked, with what it answers. */
export interface WorkerRequests {
  /** Begins to claim runs. */
  start: { asks: object; answers: null };
  /** Gives the crash order, as text; null takes it back. */
  arm: { asks: { order: string | null }; answers: null };
  /** Accepts a run under an idempotency key, once the database has it. */
  accept: { asks: { agent: string; input: string; key: string }; answers: AcceptedRunBody };
  /** Waits for the end of a run. What waits for a person is decided by the plan, or by the one decision, if there is one. */
  finish: {
    asks: { runId: string; decision: ApprovalDecision | null; plan?: DecisionPlan };
    answers: Run;
  };
  /** Decides what waits now by the plan; works also where nothing is claimed. Gives what was decided. */
  decide: { asks: { runId: string; plan: DecisionPlan }; answers: Approval[] };
  /** Waits until the process has no run in hand. */
  idle: { asks: object; answers: null };
  /** Everything that is stored of the run with this idempotency key and of its child runs. */
  dump: { asks: { key: string }; answers: StoredCase };
  /** Points passed so far, in order. */
  passed: { asks: object; answers: { point: ProbePoint; detail: ProbeDetail }[] };
  /** Ends gracefully. */
  stop: { asks: object; answers: null };
}

/** What a person decides, by the call that it is about. */
export type DecisionPlan = Readonly<Record<string, DecideApproval>>;

/** Name of a request. */
export type WorkerRequestName = keyof WorkerRequests;

/** What a worker process tells on its own. */
export type WorkerNews =
  | { news: 'ready' }
  | { news: 'crash'; order: string }
  | { news: 'claimed' | 'ended'; runId: string };

/** A run's row, as far as the rules of durability speak of it. */
export interface StoredRun {
  id: string;
  session_id: string;
  parent_run_id: string | null;
  status: string;
  lease_epoch: number;
  signals_pending: number;
  output_text: string | null;
}

/** An event of the log with the epoch of the lease that wrote it. */
export interface StoredCaseEvent {
  run_id: string;
  session_id: string;
  seq: number;
  epoch: number;
  version: number;
  kind: string;
  data: Record<string, unknown>;
}

/** The row of an effect. */
export interface StoredEffect {
  run_id: string;
  call_id: string;
  tool: string;
  attempt: number;
  outcome: string | null;
}

/** The row of an approval. */
export interface StoredApproval {
  id: string;
  call_id: string;
  arguments_hash: string;
  decision: string | null;
  edited_hash: string | null;
  closed: string | null;
}

/** A movement of money. */
export interface StoredLedgerEntry {
  run_id: string;
  reservation_id: string;
  kind: string;
  micros: number;
}

/** What an account of a run holds. */
export interface StoredAccount {
  account: string;
  spent: number;
  reserved: number;
}

/** A run with its children as the database has them. */
export interface StoredCase {
  runs: StoredRun[];
  events: StoredCaseEvent[];
  effects: StoredEffect[];
  approvals: StoredApproval[];
  ledger: StoredLedgerEntry[];
  accounts: StoredAccount[];
}
