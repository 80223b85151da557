/**
 * What the worker processes of the approvals' crash suite do: a treasurer whose effects all need a person.
 *
 * | turn | the treasurer asks for                                                                   |
 * | ---- | ---------------------------------------------------------------------------------------- |
 * | 1    | three payments side by side: one is approved, one is approved with less, one is denied   |
 * | 2    | a tip that is approved, with all tips up to 10 for the rest of the session               |
 * | 3    | a tip that this covers, and a question                                                   |
 * | 4    | nothing: the answer                                                                      |
 *
 * The agent `late` asks for one payment about which nobody decides in time.
 */
import type { JsonValue } from '@batuta/contract';
import type { ModelRequest, Tool } from '@batuta/platform/ports';
import { act } from '@batuta/testkit/crash/outside-world';
import type { DecisionPlan } from '@batuta/testkit/crash/protocol';
import type { ScenarioSurroundings, WorkerScenario } from '@batuta/testkit/crash/scenario';

interface Asked {
  tool: string;
  callId: string;
  arguments: Record<string, JsonValue>;
}

const turns: readonly (readonly Asked[])[] = [
  [
    { tool: 'pay', callId: 'as_asked', arguments: { cents: 100 } },
    { tool: 'pay', callId: 'edited', arguments: { cents: 900 } },
    { tool: 'pay', callId: 'denied', arguments: { cents: 500 } },
  ],
  [{ tool: 'tip', callId: 'for_session', arguments: { cents: 5 } }],
  [
    { tool: 'tip', callId: 'covered', arguments: { cents: 7 } },
    { tool: 'ask_user', callId: 'question', arguments: { question: 'Which account?' } },
  ],
];

const lateTurns: readonly (readonly Asked[])[] = [
  [{ tool: 'pay', callId: 'late', arguments: { cents: 300 } }],
];

/** What a person decides. */
export const plan: DecisionPlan = {
  as_asked: { decision: 'approve' },
  edited: { decision: 'approve', arguments: { cents: 90 } },
  denied: { decision: 'deny', reason: 'Too much.' },
  for_session: { decision: 'approve', for_session: { pattern: { cents: { between: [0, 10] } } } },
  question: { decision: 'answer', answer: 'The blue one.' },
};

/** What must have happened outside when a run of each agent is over: exactly once each, and nothing else. */
export const wanted = {
  treasurer: { as_asked: 'pay-100', edited: 'pay-90', for_session: 'tip-5', covered: 'tip-7' },
  late: {},
} as const;

export function makeScenario(surroundings: ScenarioSurroundings): WorkerScenario {
  const permissions = [{ ask: 'pay' }, { ask: 'tip' }];
  const instructions = (name: string) => `You are the ${name}.`;
  return {
    agents: [
      {
        name: 'treasurer',
        instructions: instructions('treasurer'),
        tools: ['pay', 'tip', 'ask_user'],
        permissions,
      },
      { name: 'late', instructions: instructions('late'), tools: ['pay'], permissions },
    ],
    tools: [payingTool(surroundings, 'pay'), payingTool(surroundings, 'tip')],
    model: answerOf,
  };
}

function answerOf({ instructions, messages }: ModelRequest) {
  const asked = instructions.includes('late') ? lateTurns : turns;
  const calls = asked[messages.filter((message) => message.role === 'assistant').length];
  return calls ? { calls } : { text: 'All is paid.' };
}

/** Pays outside under the call's key, so that it can be repeated; what arrives there names what was paid. */
function payingTool({ outside }: ScenarioSurroundings, name: string): Tool {
  return {
    kind: 'execute',
    name,
    reference: name,
    description: `Lets the treasurer ${name}.`,
    inputSchema: { type: 'object' },
    annotations: { readOnly: false, idempotent: true, destructive: false, openWorld: false },
    timeoutMs: 60_000,
    parse: (value) => ({ ok: true, value }),
    execute: (input, { runId, callId, idempotencyKey, signal }) =>
      act(outside, { tool: `${name}-${centsOf(input)}`, runId, callId, idempotencyKey }, signal),
  };
}

function centsOf(input: JsonValue): string {
  return typeof input === 'object' && input !== null && 'cents' in input
    ? JSON.stringify(input['cents'])
    : 'nothing';
}
