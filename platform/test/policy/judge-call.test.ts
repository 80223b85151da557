import type { PolicyRule } from '@batuta/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../src/domain/policy/compile-policy.ts';
import { judgeCall } from '../../src/domain/policy/judge-call.ts';
import { askUserTool, makeDelegateTool } from '../../src/domain/tool/control-tools.ts';
import type { Tool } from '../../src/port/tool.ts';
import { effectOf, factsOf, judge, kinds, policyOf, tainted, toolOf } from './policy-kit.ts';

const patterns = fc.constantFrom('refund', 'refund_all', 'refund*', 'mail', '*', 'agent:*');
const rule: fc.Arbitrary<PolicyRule> = fc.oneof(
  patterns.map((allow) => ({ allow })),
  patterns.map((ask) => ({ ask })),
  patterns.map((deny) => ({ deny })),
);
const rank: Readonly<Record<string, number>> = { allow: 0, ask: 1, deny: 2 };

describe('rules', () => {
  it.each<[PolicyRule[], string, string]>([
    [[{ allow: 'refund' }], 'allow', 'allow: refund'],
    [[{ ask: 'refund' }], 'ask', 'ask: refund'],
    [[{ allow: 'refund' }, { ask: 'ref*' }], 'ask', 'ask: ref*'],
    [[{ deny: '*' }, { allow: 'refund' }], 'deny', 'deny: *'],
    [[{ ask: 'refund' }, { deny: 'refund' }], 'deny', 'deny: refund'],
  ])('%j: the most restrictive wins', (rules, effect, name) => {
    expect(judge(rules).verdict).toMatchObject({
      effect,
      rule: { name, source: 'agent', file: 'agents/a.md' },
    });
  });

  it('say their reason and the line they stand at', () => {
    const { verdict } = judge([{ allow: '*' }, { deny: 'refund', reason: 'Refunds are made by people.' }]);
    expect(verdict).toMatchObject({ reason: 'Refunds are made by people.', rule: { line: 6 } });
  });

  it('of which several ask need the highest of their roles', () => {
    const rules: PolicyRule[] = [
      { ask: 'refund', approver: 'member' },
      { ask: '*', approver: 'administrator' },
      { ask: 'ref*' },
    ];
    expect(judge(rules).verdict.approver).toBe('administrator');
  });

  it('hold in any order, and one more that restricts never allows more', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), rule, (rules, more) => {
        fc.pre(!('allow' in more));
        const before = effectOf([{ allow: '*' }, ...rules]);
        expect(effectOf([...rules.toReversed(), { allow: '*' }])).toBe(before);
        const after = effectOf([{ allow: '*' }, ...rules, more]);
        expect(rank[after]).toBeGreaterThanOrEqual(rank[before] ?? 0);
      }),
    );
  });

  it('name agents to delegate to as the list of tools does; a bare * does not take them', () => {
    const tool = makeDelegateTool({ name: 'writer', description: 'Writes.' });
    expect(effectOf([{ deny: 'agent:writer' }], {}, { tool })).toBe('deny');
    expect(effectOf([{ ask: 'agent:*' }], {}, { tool })).toBe('ask');
    expect(effectOf([{ deny: '*' }, { deny: 'agent_writer' }], {}, { tool })).toBe('allow');
  });

  it('hold for the role of whoever asked; nobody knows who is nobody who is allowed', () => {
    const rules: PolicyRule[] = [{ allow: 'refund', roles: ['operator'] }];
    expect(effectOf(rules, {}, { role: 'operator' })).toBe('allow');
    expect(effectOf(rules, {}, { role: 'viewer' })).toBe('ask');
    expect(effectOf(rules, {}, { role: null })).toBe('ask');
    expect(effectOf([{ allow: '*' }, { deny: 'refund', roles: ['viewer'] }], {}, { role: null })).toBe(
      'deny',
    );
  });
});

describe('a rule that allows under conditions', () => {
  const tool = toolOf('look', kinds.read);
  const rules: PolicyRule[] = [{ allow: 'look', arguments: { at: { equals: 'shelf' } } }];

  it('has everything else asked about, also what would run without a rule', () => {
    expect(effectOf(rules, { at: 'shelf' }, { tool })).toBe('allow');
    expect(judge(rules, { at: 'safe' }, { tool }).verdict).toMatchObject({
      effect: 'ask',
      rule: { source: 'default', name: 'ask: other calls of allowed tools' },
    });
    expect(effectOf([...rules, { allow: '*' }], { at: 'safe' }, { tool })).toBe('allow');
  });
});

describe('without a rule', () => {
  it.each<[string, Tool, string, string]>([
    ['a read-only tool', toolOf('look', kinds.read), 'allow', 'read-only tools'],
    ['a read outside', toolOf('fetch', kinds.openRead), 'allow', 'open-world reads'],
    ['an effect', toolOf('save', kinds.effect), 'ask', 'effects'],
    [
      'an effect in the workspace',
      toolOf('shell', { ...kinds.effect, confined: true }),
      'allow',
      'effects inside of the workspace',
    ],
    [
      'a command that reaches outside',
      toolOf('shell', { ...kinds.openEffect, confined: true }),
      'ask',
      'effects',
    ],
    ['an effect outside', toolOf('mail', kinds.openEffect), 'ask', 'effects'],
    ['what may destroy', toolOf('wipe', kinds.destructive), 'ask', 'destructive effects'],
    ['a question to the person', askUserTool, 'allow', 'control tools'],
    ['an agent of the list', makeDelegateTool({ name: 'a', description: 'A.' }), 'allow', 'control tools'],
    ['a tool that says nothing', toolOf('x', kinds.effect, { undeclared: true }), 'deny', 'unknown tools'],
  ])('%s: the default', (...[, tool, effect, about]) => {
    expect(judge([], {}, { tool }).verdict).toMatchObject({
      effect,
      rule: { source: 'default', name: `${effect}: ${about}` },
    });
  });

  it('a read outside that is given much is asked about', () => {
    const tool = toolOf('fetch', kinds.openRead);
    expect(effectOf([], { url: `https://a.example/?${'x'.repeat(4_000)}` }, { tool })).toBe('ask');
  });

  it('an unknown tool may be named by a rule, and is hidden from models until then', () => {
    const tool = toolOf('x', kinds.effect, { undeclared: true });
    expect(policyOf().of(tool).isNeverAllowed).toBe(true);
    expect(policyOf({ allow: 'x' }).of(tool).isNeverAllowed).toBe(false);
    expect(effectOf([{ ask: 'x' }], {}, { tool })).toBe('ask');
  });
});

describe('a context with untrusted text and private data', () => {
  const taint = tainted;
  const fetch = toolOf('fetch', kinds.openRead);
  const mail = toolOf('mail', kinds.openEffect);

  it.each([
    ['reads outside are asked about', [], fetch, 'ask'],
    ['effects outside are asked about, allowed or not', [{ allow: 'mail' }], mail, 'ask'],
    [
      'an allow that names both labels lifts it',
      [{ allow: 'mail', taint: ['untrusted', 'private'] }],
      mail,
      'allow',
    ],
    ['an allow that names one does not', [{ allow: 'mail', taint: ['private'] }], mail, 'ask'],
    ['what stays inside is not concerned', [], toolOf('look', kinds.read), 'allow'],
    ['what is denied stays denied', [{ deny: 'mail' }, { allow: '*', taint }], mail, 'deny'],
  ] as [string, PolicyRule[], Tool, string][])('%s', (...[, rules, tool, effect]) => {
    expect(effectOf(rules, {}, { tool, taint })).toBe(effect);
  });

  it.each([[['untrusted']], [['private']], [[]]] as const)('needs both: %j is not enough', (labels) => {
    expect(effectOf([], {}, { tool: fetch, taint: labels })).toBe('allow');
  });

  it('may read an address that the person wrote, and nothing besides', () => {
    const typedAddresses = ['https://a.example/page'];
    const ask = (input: object) =>
      effectOf([], JSON.parse(JSON.stringify(input)), { tool: fetch, taint, typedAddresses });
    expect(ask({ url: 'https://A.example/page' })).toBe('allow');
    expect(ask({ url: 'https://a.example/page?d=secret' })).toBe('ask');
    expect(ask({ url: 'https://a.example/page', note: 'secret' })).toBe('ask');
    expect(ask({ url: 'https://a.example/page', n: 4711 })).toBe('ask');
    expect(effectOf([], { url: typedAddresses[0] ?? '' }, { tool: mail, taint, typedAddresses })).toBe('ask');
  });

  it('is denied where that is configured, also what would be asked about anyway', () => {
    const policy = compilePolicy({ rules: [], taint: 'deny' });
    const verdict = judgeCall(policy, factsOf({}, { tool: mail, taint })).verdict;
    expect(verdict).toMatchObject({ effect: 'deny', rule: { source: 'taint' } });
  });

  it('is what ask and deny can wait for', () => {
    const rules: PolicyRule[] = [{ allow: '*' }, { deny: 'refund', taint: ['untrusted'] }];
    expect(effectOf(rules)).toBe('allow');
    expect(effectOf(rules, {}, { taint: ['untrusted'] })).toBe('deny');
  });
});

describe('the version of the rules', () => {
  it('changes with a rule, its order, and the mode of labels; not with a line', () => {
    const first = policyOf({ allow: 'a' }, { deny: 'b' });
    const moved = compilePolicy({
      rules: first.rules.map((_, index) => ({
        rule: index === 0 ? { allow: 'a' } : { deny: 'b' },
        source: 'agent',
        file: 'agents/b.md',
        line: 99,
      })),
      taint: 'ask',
    });
    expect(moved.version).toBe(first.version);
    expect(policyOf({ allow: 'a' }).version).not.toBe(first.version);
    expect(policyOf({ deny: 'b' }, { allow: 'a' }).version).not.toBe(first.version);
    expect(compilePolicy({ rules: [], taint: 'deny' }).version).not.toBe(
      compilePolicy({ rules: [], taint: 'ask' }).version,
    );
  });
});
