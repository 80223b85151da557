import type { AgentDefinition } from '@batuta/contract';
import { expect, test } from 'vitest';
import { makeToolCatalogue } from '../../src/application/tool/tool-catalogue.ts';
import { askUserTool, waitUntilTool } from '../../src/domain/tool/control-tools.ts';
import { unknownTool } from '../../src/domain/definition/unknown-tool.ts';
import type { AgentCatalogue } from '../../src/port/agent-catalogue.ts';
import type { ToolSource } from '../../src/port/tool-source.ts';

function agents(...names: string[]): AgentCatalogue {
  const records = names.map((name) => ({
    hash: name,
    definition: { name, description: `Does ${name}.` } as AgentDefinition,
  }));
  return { list: () => records, find: (name) => records.find(({ hash }) => hash === name) };
}

const catalogue = makeToolCatalogue({
  tools: [askUserTool, waitUntilTool],
  agents: () => agents('alpha', 'beta'),
});

function namesOf(...references: string[]) {
  const { tools, unknown } = catalogue.resolve(references);
  return { tools: tools.map(({ name }) => name), unknown };
}

test('references name tools and agents', () => {
  expect(namesOf('ask_user', 'agent:beta')).toEqual({ tools: ['ask_user', 'agent_beta'], unknown: [] });
});

test('a star covers all tools of its kind, each once', () => {
  expect(namesOf('*', 'ask_user').tools).toEqual(['ask_user', 'wait_until']);
  expect(namesOf('wait*').tools).toEqual(['wait_until']);
  expect(namesOf('agent:*').tools).toEqual(['agent_alpha', 'agent_beta']);
});

test('what matches nothing is unknown', () => {
  const references = ['ask_usr', 'agent:gamma', 'mcp:tickets/*', 'openapi:billing/getInvoice', 'none*'];
  expect(namesOf(...references)).toEqual({ tools: [], unknown: references });
});

test('a pattern may lead into all sources of a kind, though they have told no tools yet', () => {
  const silent = (name: string): ToolSource => ({
    name,
    revision: 0,
    tools: () => [],
    status: () => ({ state: 'starting', tools: 0, problems: [] }),
    settled: Promise.resolve(),
    close: () => Promise.resolve(),
  });
  const made = makeToolCatalogue({ tools: [], agents: () => agents(), sources: [silent('mcp:tickets')] });
  const references = ['mcp:*', 'mcp:tick*', 'mcp:tickets/*', 'openapi:*', 'mcp:ticket/*'];
  expect(made.resolve(references).unknown).toEqual(['openapi:*', 'mcp:ticket/*']);
  expect(unknownTool('mcp:ticket/*', made.names()).hint).toBe(' Did you mean "mcp:tickets/*"?');
  expect(unknownTool('mcp:crm/add', made.names()).hint).toBe(
    ' Declared under mcp.servers in batuta.yaml: mcp:tickets/*.',
  );
});

test('all names are known for hints', () => {
  expect(catalogue.names()).toEqual(['ask_user', 'wait_until', 'agent:alpha', 'agent:beta']);
});

test('a delegate is made once, however often it is resolved', () => {
  const fixed = agents('alpha');
  const same = makeToolCatalogue({ tools: [], agents: () => fixed });
  expect(same.resolve(['agent:alpha']).tools[0]).toBe(same.resolve(['agent:*']).tools[0]);
});
