import { describe, expect, it, test } from 'vitest';
import { compilePolicy } from '../../src/domain/policy/compile-policy.ts';
import { judgeCall } from '../../src/domain/policy/judge-call.ts';
import { toolsOfSkill } from '../../src/domain/skill/allowed-tools.ts';
import type { PolicyRule } from '@batuta/contract';
import type { Tool } from '../../src/port/tool.ts';
import { factsOf, kinds, tainted, toolOf } from '../policy/policy-kit.ts';

const reference = {
  source: 'skill',
  name: 'allow: tools of refunds',
  file: 'skills/refunds/SKILL.md',
  line: null,
} as const;

/** What becomes of a call when a skill of the agent uses `refund*`. */
function judge(tool: Tool, rules: readonly PolicyRule[] = [], change: Parameters<typeof factsOf>[1] = {}) {
  const policy = compilePolicy({
    rules: rules.map((rule) => ({ rule, source: 'agent', file: null, line: null })),
    taint: 'ask',
    preApprovals: [{ pattern: 'refund*', reference }],
  });
  return judgeCall(policy, factsOf({}, { tool, ...change })).verdict;
}

describe('a skill that uses a tool', () => {
  it('saves the question that the default would ask about an effect, and is named as the reason', () => {
    expect(judge(toolOf('refund'))).toMatchObject({ effect: 'allow', rule: reference });
    expect(judge(toolOf('mail'))).toMatchObject({ effect: 'ask', rule: { source: 'default' } });
  });

  it.each<[PolicyRule[], string]>([
    [[{ ask: 'refund' }], 'ask'],
    [[{ deny: '*' }], 'deny'],
    [[{ ask: 'refund', approver: 'administrator' }], 'ask'],
    // Who allows it on a condition has thought about the rest.
    [[{ allow: 'refund', roles: ['administrator'] }], 'ask'],
  ])('yields to the rules %j', (rules, effect) => {
    expect(judge(toolOf('refund'), rules).effect).toBe(effect);
  });

  it('never speaks for what may destroy, or for what nobody has declared', () => {
    expect(judge(toolOf('refund', kinds.destructive)).effect).toBe('ask');
    expect(judge(toolOf('refund', kinds.effect, { undeclared: true })).effect).toBe('deny');
  });

  it('does not let private things out of a context that holds untrusted ones', () => {
    const tool = toolOf('refund', kinds.openEffect);
    expect(judge(tool).effect).toBe('allow');
    expect(judge(tool, [], { taint: tainted })).toMatchObject({ effect: 'ask', rule: { source: 'taint' } });
  });
});

test('names of other programs are taken over, and what cannot be said exactly is left out', () => {
  const allowed = ['Bash(git:*)', 'Read', 'mcp:tickets/*', 'Bash', '*', 'refund', 'rm -rf'];
  expect(toolsOfSkill(allowed)).toEqual({
    tools: ['read_file', 'mcp:tickets/*', 'shell', 'refund'],
    leftOut: ['Bash(git:*)', '*', 'rm -rf'],
  });
});
