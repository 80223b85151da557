import type { PermissionRule } from '@batuta/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBoundTo } from '../../src/domain/policy/approval-binding.ts';
import { judgeTool } from '../../src/domain/policy/judge-tool.ts';
import { makeDelegateTool } from '../../src/domain/tool/control-tools.ts';
import type { Tool } from '../../src/port/tool.ts';

function named(name: string): Tool {
  return {
    kind: 'execute',
    name,
    description: '',
    inputSchema: { type: 'object' },
    annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
    timeoutMs: 1_000,
    parse: (value) => ({ ok: true, value }),
    execute: async () => 'done',
  };
}

const patterns = fc.constantFrom('refund', 'refund_all', 'refund*', 'mail', '*', 'agent:*');
const rule: fc.Arbitrary<PermissionRule> = fc.oneof(
  patterns.map((allow) => ({ allow })),
  patterns.map((ask) => ({ ask })),
  patterns.map((deny) => ({ deny })),
);
const rank = { allow: 0, ask: 1, deny: 2 };

describe('the rules of an agent', () => {
  it.each<[PermissionRule[], ReturnType<typeof judgeTool>]>([
    [[], { effect: 'allow' }],
    [[{ deny: 'mail' }], { effect: 'allow' }],
    [[{ ask: 'refund' }], { effect: 'ask', rule: 'ask: refund' }],
    [[{ allow: 'refund' }, { ask: 'ref*' }], { effect: 'ask', rule: 'ask: ref*' }],
    [[{ deny: '*' }, { allow: 'refund' }], { effect: 'deny', rule: 'deny: *' }],
    [[{ ask: 'refund' }, { deny: 'refund' }], { effect: 'deny', rule: 'deny: refund' }],
  ])('%j', (rules, verdict) => {
    expect(judgeTool(rules, named('refund'))).toEqual(verdict);
  });

  it('name the agents to delegate to as the list of tools does', () => {
    const writer = makeDelegateTool({ name: 'writer', description: 'Writes.' });
    expect(judgeTool([{ deny: 'agent:writer' }], writer)).toMatchObject({ effect: 'deny' });
    expect(judgeTool([{ ask: 'agent:*' }], writer)).toMatchObject({ effect: 'ask' });
    expect(judgeTool([{ deny: '*' }, { deny: 'agent_writer' }], writer)).toEqual({ effect: 'allow' });
  });

  it('hold in any order, and one more rule never allows more', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), rule, (rules, more) => {
        const tool = named('refund');
        const before = judgeTool(rules, tool).effect;
        expect(judgeTool(rules.toReversed(), tool).effect).toBe(before);
        expect(rank[judgeTool([...rules, more], tool).effect]).toBeGreaterThanOrEqual(rank[before]);
      }),
    );
  });
});

describe('an approval', () => {
  const approved = { argumentsHash: 'a', policyVersion: '1' };

  it('holds for the same arguments under the same rules', () => {
    expect(isBoundTo(approved, { ...approved })).toBe(true);
  });

  it.each([
    ['nothing was approved', null, approved],
    ['the arguments are others', approved, { ...approved, argumentsHash: 'b' }],
    ['the rules are others', approved, { ...approved, policyVersion: '2' }],
  ])('does not hold when %s', (_, given, wanted) => {
    expect(isBoundTo(given, wanted)).toBe(false);
  });
});
