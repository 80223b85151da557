import type { JsonValue } from '@batuta/contract';
import type { CallState } from '../../domain/run/state.ts';
import type { CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import { findToolsInput } from '../../domain/tool/find-tools.ts';
import { matchesReference } from '../../domain/tool/tool-reference.ts';
import type { ControlTool, Tool } from '../../port/tool.ts';
import type { EngineContext } from './engine-context.ts';
import type { HeldRun } from './held-run.ts';
import { settledEvent } from './settled-event.ts';

/** What a model reads of each found tool: enough to choose; its arguments come with the next request. */
const descriptionCharacters = 300;

interface Search {
  call: CallState;
  tool: ControlTool;
  input: JsonValue;
  policy: CompiledPolicy;
}

/** Looks for tools that serve a task and stages what was found: the models of the run know of it from the next turn on. */
export function stageSearch(
  context: EngineContext,
  held: HeldRun,
  { call, tool, input, policy }: Search,
): void {
  const { task, limit } = findToolsInput.parse(input);
  // Found wider than asked for: some may be denied, or out of this search's scope.
  const fitting = context.toolSearch.find(held.tools.hidden, task, limit * 4);
  const found = fitting
    .filter((each) => isInScope(tool, each) && !policy.of(each).isNeverAllowed)
    .slice(0, limit);
  if (found.length > 0) {
    const tools = found.map(({ reference }) => reference);
    held.journal.stage({ kind: 'tools-found', data: { call_id: call.callId, task, tools } });
  }
  held.journal.stage(
    settledEvent(call, { outcome: 'succeeded', content: answerOf(found, held.tools.hidden.length) }),
  );
}

function isInScope({ scope }: ControlTool, { reference }: Tool): boolean {
  return scope === undefined || scope.some((pattern) => matchesReference(pattern, reference));
}

function answerOf(found: readonly Tool[], searched: number): string {
  if (found.length === 0) {
    return `No tool fits among the ${searched} that were searched. Say the task in other words, or without this tool.`;
  }
  const lines = found.map(({ name, description }) => `- ${name}: ${shortened(description)}`);
  return `These tools can be called from now on:\n${lines.join('\n')}`;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= descriptionCharacters ? line : `${line.slice(0, descriptionCharacters - 1)}…`;
}
