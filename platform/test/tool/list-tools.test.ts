import { BatutaError } from '@batuta/contract';
import { expect, test } from 'vitest';
import { listTools } from '../../src/application/tool/list-tools.ts';
import { makeToolCatalogue } from '../../src/application/tool/tool-catalogue.ts';
import { compilePolicy } from '../../src/domain/policy/compile-policy.ts';
import { askUserTool } from '../../src/domain/tool/control-tools.ts';
import type { ToolSource } from '../../src/port/tool-source.ts';
import { countingTool } from '../scenario/tool-fixtures.ts';

function sourceOf(name: string, count: number): ToolSource {
  const tools = Array.from({ length: count }, (_, index) => {
    const { tool } = countingTool(`${name.replace(':', '_')}_${index}`, { readOnly: index % 2 === 0 });
    if (tool.kind !== 'execute') throw new Error('no executable tool');
    return { ...tool, reference: `${name}/tool_${index}` };
  });
  const problem = new BatutaError('api-document-unreadable', { api: 'billing', reason: 'it answered 500' });
  return {
    name,
    revision: 1,
    tools: () => tools,
    status: () => ({ state: 'failing', tools: count, problems: [problem] }),
    settled: Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

const sources = [sourceOf('openapi:billing', 5), sourceOf('mcp:tickets', 2)];
const catalogue = makeToolCatalogue({
  tools: [askUserTool],
  agents: () => ({ list: () => [], find: () => undefined }),
  sources,
});

const here = { tenantId: 'home', role: 'administrator' } as const;
const elsewhere = { ...here, tenantId: 'tenant-two' };
const denied = compilePolicy({
  rules: [{ rule: { deny: 'mcp:tickets/*' }, source: 'tenant', file: null, line: null }],
  taint: 'ask',
});
const context = {
  agents: { list: () => [], find: () => undefined },
  tools: catalogue,
  clock: { now: () => 0 },
  platformTenant: 'home',
  policies: {
    forAll: async (tenantId: string) =>
      tenantId === 'home' ? compilePolicy({ rules: [], taint: 'ask' }) : denied,
    inForce: async () => denied,
  },
};

test('tools are listed page by page, each once', async () => {
  const first = await listTools(context, here, { limit: 5 });
  const second = await listTools(context, here, { limit: 5, cursor: first.next_cursor ?? '' });
  const references = [...first.items, ...second.items].map(({ reference }) => reference);
  expect(references).toEqual(references.toSorted());
  expect(new Set(references).size).toBe(8);
  expect(second.next_cursor).toBeNull();
});

test('a source tells its tools, and every page what is wrong with sources', async () => {
  const page = await listTools(context, here, { source: 'mcp:tickets', limit: 50 });
  expect(page.items.map(({ reference, read_only: reads }) => [reference, reads])).toEqual([
    ['mcp:tickets/tool_0', true],
    ['mcp:tickets/tool_1', false],
  ]);
  expect(page.sources[0]).toEqual({
    name: 'openapi:billing',
    state: 'failing',
    tools: 5,
    problems: [
      {
        code: 'api-document-unreadable',
        message: 'The document of the API "billing" cannot be read: it answered 500.',
      },
    ],
  });
});

test('a tool of the platform has no source', async () => {
  const { items } = await listTools(context, here, { limit: 50 });
  expect(items[0]).toMatchObject({ reference: 'ask_user', source: null });
});

test('each tenant is told what its own rules say, and what failed at the source only at home', async () => {
  const [mine, theirs] = await Promise.all(
    [here, elsewhere].map(async (asker) => {
      const page = await listTools(context, asker, { source: 'mcp:tickets', limit: 50 });
      return [page.items.map(({ policy }) => policy), page.sources[0]?.problems[0]?.message];
    }),
  );
  expect(mine?.[0]).toEqual(['allow', 'ask']);
  expect(theirs?.[0]).toEqual(['deny', 'deny']);
  expect([mine?.[1], theirs?.[1]]).toEqual([
    'The document of the API "billing" cannot be read: it answered 500.',
    'Something is wrong; the administrators of the platform can see what.',
  ]);
});
