import type { JsonValue } from '@batuta/contract';
import { labelsOf } from '../../domain/policy/context-taint.ts';
import { wakeTime } from '../../domain/tool/wake-time.ts';
import type { Ancestor } from '../../port/run-record.ts';
import type { ControlTool } from '../../port/tool.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import type { PreparedCall } from './prepare-calls.ts';
import { requestAnswer } from './request-approval.ts';
import { settledEvent } from './settled-event.ts';

/** Stages what makes a run wait: a question, a timer, a child run. */
export function stageControls(
  context: EngineContext,
  held: HeldRun,
  controls: readonly PreparedCall<ControlTool>[],
): void {
  for (const prepared of controls) {
    switch (prepared.tool.kind) {
      case 'ask-user':
        stageQuestion(context, held, prepared);
        break;
      case 'wait-until':
        stageTimer(context, held, prepared);
        break;
      case 'delegate':
        stageChild(context, held, prepared);
        break;
      case 'find-tools':
        // Was answered at once: it waits for nothing.
        break;
    }
  }
}

function field(input: JsonValue, name: string): JsonValue | undefined {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input[name] : undefined;
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function stageQuestion(context: EngineContext, held: HeldRun, { call, input }: PreparedCall): void {
  const given = field(input, 'options');
  const options = Array.isArray(given) ? given.map(text) : null;
  requestAnswer(context, held, { call, input, text: text(field(input, 'question')), options });
}

function stageTimer(context: EngineContext, held: HeldRun, { call, input }: PreparedCall): void {
  const wake = wakeTime(input, context.clock.now());
  if (!wake.ok) {
    held.journal.stage(settledEvent(call, { outcome: 'failed', content: wake.summary }));
    return;
  }
  held.journal.stage({
    kind: 'timer-set',
    data: { call_id: call.callId, wake_at: new Date(wake.wakeAt).toISOString() },
  });
}

/** Accepts the child run in the same commit as the event that names it, in a session of its own. */
function stageChild(
  context: EngineContext,
  held: HeldRun,
  { call, tool, input }: PreparedCall<ControlTool>,
): void {
  const agent = tool.agent ?? '';
  const depth = delegationDepth(held) + 1;
  const definition = context.agents.find(agent);
  if (!definition || depth > context.settings.delegationDepth) {
    const reason = definition
      ? `Agents may delegate ${context.settings.delegationDepth} levels deep at most.`
      : `There is no agent "${agent}".`;
    held.journal.stage(settledEvent(call, { outcome: 'failed', content: reason }));
    return;
  }
  const { tenantId, runId } = held.lease;
  const task = text(field(input, 'task'));
  const taint = labelsOf(held.journal.state.taint);
  const child = { runId: context.ids.create('run'), sessionId: context.ids.create('session') };
  held.journal.stage({
    kind: 'child-run-started',
    data: { call_id: call.callId, agent, child_run_id: child.runId, child_session_id: child.sessionId },
  });
  held.journal.stageRows({
    children: [
      {
        id: child.runId,
        tenantId,
        sessionId: child.sessionId,
        agent,
        definition,
        newSession: { title: task.slice(0, 80), metadata: {}, parentRunId: runId },
        input: {
          messageId: context.ids.create('message'),
          parts: [{ type: 'text', text: task }],
          ...(taint.length > 0 ? { taint } : {}),
        },
        artifacts: [],
        metadata: { delegation_depth: depth },
        requestedBy: held.record.requestedBy,
        ownerId: held.record.ownerId,
        parent: { runId, callId: call.callId },
        ancestors: ancestorsOfChild(held),
        idempotency: null,
      },
    ],
  });
}

function ancestorsOfChild({ lease, record }: HeldRun): Ancestor[] {
  return [{ runId: lease.runId, sessionId: lease.sessionId, agent: record.agent }, ...record.ancestors];
}

/** How deep this run was delegated; kept in its metadata by `stageChild`. */
function delegationDepth(held: HeldRun): number {
  const depth = held.record.metadata['delegation_depth'];
  return held.record.parent !== null && typeof depth === 'number' ? depth : 0;
}
