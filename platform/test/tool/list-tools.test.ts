import { BatutaError } from '@batuta/contract';
import { expect, test } from 'vitest';
import { listTools } from '../../src/application/tool/list-tools.ts';
import { makeToolCatalogue } from '../../src/application/tool/tool-catalogue.ts';
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

test('tools are listed page by page, each once', () => {
  const first = listTools(catalogue, { limit: 5 });
  const second = listTools(catalogue, { limit: 5, cursor: first.next_cursor ?? '' });
  const references = [...first.items, ...second.items].map(({ reference }) => reference);
  expect(references).toEqual(references.toSorted());
  expect(new Set(references).size).toBe(8);
  expect(second.next_cursor).toBeNull();
});

test('a source tells its tools, and every page what is wrong with sources', () => {
  const page = listTools(catalogue, { source: 'mcp:tickets', limit: 50 });
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

test('a tool of the platform has no source', () => {
  expect(listTools(catalogue, { limit: 50 }).items[0]).toMatchObject({ reference: 'ask_user', source: null });
});
