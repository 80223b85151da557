import { BatutaError, renderMessage, secretNameOf } from '@batuta/contract';
import { visibleOwner } from '../../domain/identity/ownership.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import type { NewTaint } from '../../domain/policy/context-taint.ts';
import { taintOfArtifact, taintOfCall } from '../../domain/policy/taint-of-call.ts';
import type { ExecutableTool, ToolContext, ToolProgress } from '../../port/tool.ts';
import { askPerson } from './ask-person.ts';
import type { CallDesk } from './call-desk.ts';
import { CallLimits } from './call-limits.ts';
import { failedResult, redactResult, resultOfOutput, type CallResult } from './call-result.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { makeMayReach } from './may-reach.ts';
import type { PreparedCall } from './prepare-calls.ts';

/** How an executed call ended. `unknown`: an effect was given up on and may or may not have happened. */
export type Execution =
  | ({ kind: 'settled'; taint: readonly NewTaint[] } & CallResult)
  | { kind: 'unknown' }
  /** The run was interrupted; what becomes of the call is decided by the one who goes on with the run. */
  | { kind: 'interrupted' };

/** A call that may be executed, and the rules that it was judged by. */
interface JudgedCall {
  prepared: PreparedCall<ExecutableTool>;
  policy: CompiledPolicy;
  /** Where it hands in what belongs into the log before it ends. */
  desk: CallDesk;
}

/** Executes one call. Contract: never rejects; a tool that ignores its abort signal is left behind. */
export async function executeCall(
  context: EngineContext,
  held: HeldRun,
  { prepared, policy, desk }: JudgedCall,
): Promise<Execution> {
  const { tool } = prepared;
  const taint = taintOfCall({ ...prepared, callId: prepared.call.callId });
  const began = context.clock.monotonic();
  const elapsed = () => context.clock.monotonic() - began;
  const detail = { runId: held.lease.runId, name: tool.name };
  const limits = new CallLimits(context.clock, held.control, tool.timeoutMs);
  try {
    await context.probe.reach('tool-before', detail);
    const work = tool.execute(
      prepared.input,
      toolContext(context, held, { prepared, policy, taint, desk, limits }),
    );
    const output = await Promise.race([work, limits.exceeded]);
    await context.probe.reach('tool-after', detail);
    const result = await resultOfOutput(context, held, { output, tool: tool.name, durationMs: elapsed() });
    return { kind: 'settled', ...result, taint };
  } catch (error) {
    if (held.control.interruption !== null) return { kind: 'interrupted' };
    if (limits.signal.aborted) return timedOut(tool, elapsed());
    if (BatutaError.has(error, 'tool-outcome-unknown') && !tool.annotations.readOnly)
      return { kind: 'unknown' };
    const reason = await redactResult(context, held, reasonOf(error));
    return { kind: 'settled', ...failedResult(reason, { tool: tool.name, durationMs: elapsed() }), taint };
  } finally {
    limits.stop();
    desk.ended(prepared.call.callId);
  }
}

function toolContext(
  context: EngineContext,
  held: HeldRun,
  execution: JudgedCall & { taint: NewTaint[]; limits: CallLimits },
): ToolContext {
  const { tenantId, sessionId, runId } = held.lease;
  const { callId } = execution.prepared.call;
  const visibleTo = visibleOwner(held.record.requestedBy);
  return {
    tenantId,
    userId: held.record.requestedBy.userId,
    agent: held.record.agent,
    sessionId,
    runId,
    callId,
    idempotencyKey: idempotencyKeyOf(runId, callId),
    signal: execution.limits.signal,
    now: () => context.clock.now(),
    progress: (report) => void tellProgress(context, held, { ...execution, report }),
    ask: (asked) => askPerson(context, held, { ...execution, asked }),
    rest: (work) => execution.limits.rest(work),
    secret: (name) => readSecret(context, held, { tool: execution.prepared.tool, name }),
    mayReach: makeMayReach(context, held, execution),
    readArtifact: async (id, range) => {
      const info = await context.artifacts.describe(tenantId, id);
      const isVisible = visibleTo === null || visibleTo === info?.ownerId;
      const content = info && isVisible && (await context.artifacts.read(tenantId, id, range));
      if (info && content) {
        const tool = execution.prepared.tool.name;
        execution.taint.push(...taintOfArtifact(info, { sessionId, callId, tool }));
      }
      return info && content ? { mediaType: info.mediaType, bytes: info.bytes, content } : undefined;
    },
  };
}

/** What a tool tells of its progress is as free of secrets as its result. */
async function tellProgress(
  context: EngineContext,
  held: HeldRun,
  { prepared, desk, limits, report }: JudgedCall & { limits: CallLimits; report: ToolProgress },
): Promise<void> {
  const message = await redactResult(context, held, report.message.slice(0, longestReport));
  if (!limits.isOver) desk.report(prepared.call, { ...report, message });
}

/** The tool says which secrets it needs, the agent may say which stored ones those are. */
async function readSecret(
  context: EngineContext,
  held: HeldRun,
  { tool, name }: { tool: ExecutableTool; name: string },
): Promise<string> {
  if (tool.secrets?.includes(name) !== true)
    throw new BatutaError('secret-not-declared', { tool: tool.name, name });
  const stored = secretNameOf(held.definition.secrets?.[name] ?? '') ?? name;
  return await context.vault.value(held.lease.tenantId, stored);
}

/** The same for every repetition of a call, and different for every other call: call ids alone are the model's choice. */
export function idempotencyKeyOf(runId: string, callId: string): string {
  return `${runId}:${callId}`;
}

function timedOut(tool: ExecutableTool, durationMs: number): Execution {
  if (!tool.annotations.readOnly) return { kind: 'unknown' };
  const content = renderMessage('tool-timed-out', { tool: tool.name, seconds: tool.timeoutMs / 1000 });
  return { kind: 'settled', end: { outcome: 'failed', content, durationMs }, artifacts: [], taint: [] };
}

const longestError = 65_536;
const longestReport = 2_000;

/** Searched for secrets before it is cut to what a model reads: half of a secret would not be found. */
function reasonOf(error: unknown): string {
  // Its message names the tool, as the result does.
  if (BatutaError.has(error, 'tool-failed')) return error.data.reason.slice(0, longestError);
  return (error instanceof Error ? error.message : String(error)).slice(0, longestError);
}
