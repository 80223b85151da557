import type { NewEvent } from '@batuta/contract';
import type { CallState } from '../../domain/run/state.ts';
import { hashArguments } from '../../domain/approval/arguments-hash.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import { labelsOf, taintEvents } from '../../domain/policy/context-taint.ts';
import type { ExecutableTool } from '../../port/tool.ts';
import { stageControls } from './control-tools.ts';
import { CallDesk } from './call-desk.ts';
import type { EngineContext } from './engine-context.ts';
import { executeCall, idempotencyKeyOf, type Execution } from './execute-call.ts';
import type { HeldRun } from './held-run.ts';
import { limitCalls } from './limit-calls.ts';
import { prepareCalls, type PreparedCall, type PreparedCalls } from './prepare-calls.ts';
import { stageSearch } from './find-tools.ts';
import { requestApproval } from './request-approval.ts';
import { stageUnknown } from './resolve-calls.ts';
import { settledEvent } from './settled-event.ts';

interface Finished {
  prepared: PreparedCall<ExecutableTool>;
  execution: Execution;
}

/**
 * Executes the calls of an answer side by side. The answer, the claims of effects and everything that makes the run wait are
 * committed before any effect starts; read-only calls overlap that commit, and when nothing but quick read-only calls was
 * asked for, their results share the next turn's commit.
 */
export async function performTools(
  context: EngineContext,
  held: HeldRun,
  calls: readonly CallState[],
): Promise<undefined> {
  const prepared = await limitCalls(context, held, await prepareCalls(context, held, calls));
  held.journal.stage(...prepared.refusals, ...prepared.applied);
  for (const search of prepared.searches) stageSearch(context, held, { ...search, policy: prepared.policy });
  held.journal.stage(...prepared.unauthorised);
  stageControls(context, held, prepared.controls);
  for (const asked of prepared.questions) requestApproval(context, held, asked);
  const queue = new WorkQueue(context, held, prepared.policy);
  queue.start(prepared.reads);
  if (mustCommitFirst(prepared)) {
    stageClaims(held, prepared);
    const children = held.journal.stagedChildren;
    await commitStaged(held);
    for (const child of children) context.notify.queued(child);
    queue.start(prepared.effects);
  }
  await settleAsFinished(context, held, queue);
}

function mustCommitFirst({ effects, controls, questions }: PreparedCalls): boolean {
  return effects.length > 0 || controls.length > 0 || questions.length > 0;
}

function stageClaims(held: HeldRun, { effects }: PreparedCalls): void {
  for (const { call, tool, input } of effects) {
    const argumentsHash = hashArguments(input);
    const attempt = call.attempt + 1;
    held.journal.stage({
      kind: 'tool-call-claimed',
      data: {
        call_id: call.callId,
        tool: tool.name,
        arguments_hash: argumentsHash,
        idempotency_key: idempotencyKeyOf(held.lease.runId, call.callId),
        attempt,
        ...(call.approved ? { approval_id: call.approved.approvalId } : {}),
      },
    });
    held.journal.stageRows({ claims: [{ callId: call.callId, tool: tool.name, argumentsHash, attempt }] });
  }
}

async function commitStaged(held: HeldRun): Promise<void> {
  const receipt = await held.journal.commit();
  if (receipt.outcome === 'committed' && receipt.signalsPending) held.control.mustFetch = true;
}

/** Settles calls as they finish. Results that come within a moment of each other, or of the answer, share a commit. */
async function settleAsFinished(context: EngineContext, held: HeldRun, queue: WorkQueue): Promise<void> {
  const { coalesceMs } = context.settings;
  while (queue.isBusy) {
    await queue.settledOrAfter(held.journal.isStaged ? coalesceMs : undefined);
    stageFinished(context, held, queue.take());
    stageDesk(held, queue.desk);
    if (held.control.interruption === 'lease-lost') return;
    if (queue.isBusy && held.journal.isStaged) {
      await queue.settledOrAfter(coalesceMs, 'all');
      stageFinished(context, held, queue.take());
      stageDesk(held, queue.desk);
      if (queue.isBusy) await commitStaged(held);
    }
  }
  stageFinished(context, held, queue.take());
  stageDesk(held, queue.desk);
}

function stageFinished(context: EngineContext, held: HeldRun, finished: readonly Finished[]): void {
  for (const { prepared, execution } of finished) {
    const { call, tool } = prepared;
    const settlement = (outcome: string) =>
      tool.annotations.readOnly ? {} : { settlements: [{ callId: call.callId, outcome }] };
    if (execution.kind === 'settled') {
      // Before the result, so that no copy of the log has the result without its labels.
      held.journal.stage(...taintEvents(held.journal.state.taint, execution.taint));
      held.journal.stage(settledEvent(call, execution.end));
      held.journal.stageRows({
        ...settlement(execution.end.outcome),
        artifacts: execution.artifacts.map((artifact) => ({
          ...artifact,
          labels: labelsOf(held.journal.state.taint),
        })),
      });
    } else if (execution.kind === 'unknown') {
      // The call as it is since it was claimed: how often that was decides what becomes of it.
      const claimed = held.journal.run.calls.find((each) => each.callId === call.callId);
      stageUnknown(context, held, claimed ?? call);
    } else {
      stageInterrupted(held, prepared);
    }
  }
}

/** A cancelled or overdue run settles what was under way; a stopped one leaves it to the next worker. */
function stageInterrupted(held: HeldRun, { call, tool }: PreparedCall<ExecutableTool>): void {
  const cause = held.control.interruption;
  if (cause !== 'cancelled' && cause !== 'time-limit') return;
  const outcome = cause === 'cancelled' ? 'cancelled' : 'interrupted';
  const effect = tool.annotations.readOnly ? '' : ' Whether it took effect is unknown.';
  const event: NewEvent = settledEvent(call, {
    outcome,
    content: `The call was stopped while it was under way.${effect}`,
  });
  held.journal.stage(event);
  if (!tool.annotations.readOnly) held.journal.stageRows({ settlements: [{ callId: call.callId, outcome }] });
}

/** Stages what calls under way have handed in; what came from one that has ended meanwhile is left out. */
function stageDesk(held: HeldRun, desk: CallDesk): void {
  for (const { events, rows } of desk.take()) {
    held.journal.stage(...events);
    if (rows) held.journal.stageRows(rows);
  }
}

/** Runs calls, at most `parallel_tools` at a time, and hands over what has finished. */
class WorkQueue {
  readonly #context: EngineContext;
  readonly #held: HeldRun;
  readonly #policy: CompiledPolicy;
  #waiting: PreparedCall<ExecutableTool>[] = [];
  #running = 0;
  #finished: Finished[] = [];
  #wake: (() => void) | undefined;
  readonly desk: CallDesk;

  constructor(context: EngineContext, held: HeldRun, policy: CompiledPolicy) {
    this.#context = context;
    this.#held = held;
    this.#policy = policy;
    this.desk = new CallDesk(context.clock);
    this.desk.wake = () => this.#wake?.();
  }

  get isBusy(): boolean {
    return this.#running > 0 || this.#waiting.length > 0 || this.#finished.length > 0;
  }

  start(calls: readonly PreparedCall<ExecutableTool>[]): void {
    this.#waiting.push(...calls);
    this.#fill();
  }

  take(): Finished[] {
    return this.#finished.splice(0);
  }

  /** Ends when a call (or all) has finished, or after `ms`. */
  async settledOrAfter(ms: number | undefined, until: 'one' | 'all' = 'one'): Promise<void> {
    const isDone = () =>
      until === 'one'
        ? this.#finished.length > 0 || !this.desk.isEmpty
        : this.#running === 0 && this.#waiting.length === 0;
    if (isDone()) return;
    const timer = { expired: false };
    const expire = () => {
      timer.expired = true;
      this.#wake?.();
    };
    const stop = ms === undefined ? undefined : this.#context.clock.after(ms, expire);
    while (!isDone() && !timer.expired) await new Promise<void>((resolve) => (this.#wake = resolve));
    stop?.();
  }

  #fill(): void {
    const limit = this.#held.definition.limits.parallel_tools;
    while (this.#running < limit) {
      const prepared = this.#waiting.shift();
      if (!prepared) return;
      this.#running += 1;
      void executeCall(this.#context, this.#held, { prepared, policy: this.#policy, desk: this.desk }).then(
        (execution) => {
          this.#running -= 1;
          this.#finished.push({ prepared, execution });
          this.#fill();
          this.#wake?.();
        },
      );
    }
  }
}
