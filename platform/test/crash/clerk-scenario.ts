/**
 * What the worker processes of the crash suite do: a clerk whose one run uses a tool of every kind, alone and side by side,
 * over five turns, and gives one task to a helper. What the model says follows from the number of its answers so far.
 *
 * | turn | the clerk asks for                                             |
 * | ---- | -------------------------------------------------------------- |
 * | 1    | `look` (read-only)                                             |
 * | 2    | `look`, `put` (idempotent), `send` (neither), `erase` (destructive; ends after the others are committed) |
 * | 3    | `agent_helper`, who asks for `put` and `look` and answers      |
 * | 4    | `send`                                                         |
 * | 5    | nothing: the answer                                            |
 */
import type { JsonValue } from '@batuta/contract';
import type { Tool, ToolContext } from '@batuta/platform/ports';
import { act } from '@batuta/testkit/crash/outside-world';
import type { ScenarioSurroundings, WorkerScenario } from '@batuta/testkit/crash/scenario';
import type { ModelRequest } from '@batuta/platform/ports';

type Calls = readonly { tool: string; arguments?: object }[];

const clerkTurns: readonly Calls[] = [
  [{ tool: 'look', arguments: { at: 'shelf' } }],
  [
    { tool: 'look', arguments: { at: 'desk' } },
    { tool: 'put', arguments: { item: 'ink' } },
    { tool: 'send', arguments: { to: 'Ada' } },
    { tool: 'erase', arguments: { item: 'draft', last: true } },
  ],
  [{ tool: 'agent_helper', arguments: { task: 'Put the paper away.' } }],
  [{ tool: 'send', arguments: { to: 'Bob' } }],
];

const helperTurns: readonly Calls[] = [
  [
    { tool: 'put', arguments: { item: 'paper' } },
    { tool: 'look', arguments: { at: 'drawer' } },
  ],
];

/** Model answers of one whole run of each agent. */
export const answersOf = { clerk: clerkTurns.length + 1, helper: helperTurns.length + 1 };

/** Last words of each agent. */
export const lastWords = { clerk: 'Everything is done.', helper: 'The paper is put away.' };

export function makeScenario(surroundings: ScenarioSurroundings): WorkerScenario {
  return {
    agents: [
      {
        name: 'clerk',
        instructions: 'You are the clerk.',
        tools: ['look', 'put', 'send', 'erase', 'agent:helper'],
        // Never met, so that every point is passed with money reserved.
        budget: { run_usd: 1, day_usd: 100 },
      },
      { name: 'helper', instructions: 'You are the helper.', tools: ['look', 'put'] },
    ],
    tools: [
      outsideTool(surroundings, 'look', { readOnly: true, idempotent: true }),
      outsideTool(surroundings, 'put', { idempotent: true }),
      outsideTool(surroundings, 'send', {}),
      outsideTool(surroundings, 'erase', { destructive: true }),
    ],
    model: (request) => answerOf(request),
  };
}

function answerOf({ instructions, messages }: ModelRequest) {
  const agent = instructions.includes('helper') ? 'helper' : 'clerk';
  const turns = agent === 'helper' ? helperTurns : clerkTurns;
  const answered = messages.filter((message) => message.role === 'assistant').length;
  const calls = turns[answered];
  if (!calls) return { text: lastWords[agent] };
  return {
    text: `Turn ${answered + 1}.`,
    calls: calls.map((call, place) => ({ ...call, callId: `${agent}_${answered + 1}_${place + 1}` })),
  };
}

function outsideTool(
  { outside, signals }: ScenarioSurroundings,
  name: string,
  annotations: { readOnly?: boolean; idempotent?: boolean; destructive?: boolean },
): Tool {
  return {
    kind: 'execute',
    name,
    reference: name,
    description: `Lets the clerk ${name}.`,
    inputSchema: { type: 'object' },
    annotations: { readOnly: false, idempotent: false, destructive: false, openWorld: true, ...annotations },
    timeoutMs: 60_000,
    parse: (value) => ({ ok: true, value }),
    execute: async (input, context) => {
      const { runId, callId, idempotencyKey, signal } = context;
      const effect = { tool: name, runId, callId, idempotencyKey };
      const othersSettled = isLast(input) ? settled(signals, context) : undefined;
      const result = await act(outside, effect, signal);
      await othersSettled;
      return result;
    },
  };
}

function isLast(input: JsonValue): boolean {
  return typeof input === 'object' && input !== null && 'last' in input;
}

/** Ends when the results of calls that ran beside this one are in the log. */
async function settled(signals: ScenarioSurroundings['signals'], { runId }: ToolContext): Promise<void> {
  await signals.next(
    'commit-after',
    (detail) => detail.runId === runId && detail.events?.[0] === 'tool-call-settled',
  );
}
