import { expect, test } from 'vitest';
import { planSchema } from '../../src/domain/limit/plan.ts';
import { rulesFor, rulesForTool } from '../../src/domain/limit/plan-rules.ts';

test('a plan gives the rules that it names, and no others', () => {
  const plan = planSchema.parse({ tenant: { requests_per_day: 9, tokens_per_minute: 5 }, key: {} });
  expect(rulesFor(plan, 'tenant', 'requests')).toEqual([
    { subject: 'tenant', resource: 'requests', per: 'day', limit: 9 },
  ]);
  expect(rulesFor(plan, 'tenant', 'tokens')).toMatchObject([{ per: 'minute', limit: 5 }]);
  expect(rulesFor(plan, 'key', 'requests')).toEqual([]);
  expect(rulesFor(plan, 'user', 'tokens')).toEqual([]);
});

const tools = {
  '*': { calls_per_minute: 100 },
  'mcp_*': { calls_per_minute: 50 },
  'mcp_*_delete': { calls_per_day: 3 },
  http_fetch: { calls_per_minute: 20, calls_per_day: 1000 },
};

test.each([
  ['http_fetch', 'http_fetch'],
  ['mcp_tickets_read', 'mcp_*'],
  ['mcp_tickets_delete', 'mcp_*_delete'],
  ['mcp_delete', 'mcp_*'],
  ['calculator', '*'],
])('the most exact pattern counts for the tool %s', (tool, pattern) => {
  expect(rulesForTool(planSchema.parse({ tools }), tool)?.pattern).toBe(pattern);
});

test('a tool that no pattern names has no limit', () => {
  const plan = planSchema.parse({ tools: { 'a*c*e': { calls_per_day: 1 } } });
  expect(['abcde', 'ace', 'acce'].map((tool) => rulesForTool(plan, tool)?.rules.length)).toEqual([1, 1, 1]);
  expect(['ae', 'abde', 'xace', 'acex'].map((tool) => rulesForTool(plan, tool))).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test.each([
  [{ tenant: { requests_per_minute: 0 } }],
  [{ tenant: { requests_per_minute: 1.5 } }],
  [{ tenant: { requests_per_hour: 1 } }],
  [{ tools: { 'a tool': { calls_per_day: 1 } } }],
  [{ everybody: {} }],
])('refuses the plan %j', (plan) => {
  expect(planSchema.safeParse(plan).success).toBe(false);
});
