import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProjectFolder } from '../../src/adapter/project-folder/project-folder.ts';
import { loadDefinitions } from '../../src/application/definition/load-definitions.ts';
import { makeToolCatalogue } from '../../src/application/tool/tool-catalogue.ts';
import { askUserTool, waitUntilTool } from '../../src/domain/tool/control-tools.ts';

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'batuta-project-'));
});
afterEach(() => rm(path, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(path, file)), { recursive: true });
  await writeFile(join(path, file), text);
}

function agent(name: string, extra = ''): string {
  return `---\nname: ${name}\ndescription: Does ${name}.\n${extra}\n---\nYou do ${name}.\n`;
}

async function load() {
  const loaded = await loadDefinitions({
    folder: await openProjectFolder(path),
    providers: ['anthropic', 'openai', 'offline'],
    toolsFor: (agents) => makeToolCatalogue({ tools: [askUserTool, waitUntilTool], agents: () => agents }),
  });
  return {
    ...loaded,
    names: loaded.agents.list().map(({ definition }) => definition.name),
    messages: loaded.problems.map(({ message }) => message),
  };
}

test('agents are found as files and as folders, and listed by name', async () => {
  await write('agents/beta.md', agent('beta', 'tools: [ask_user, "agent:alpha", "agent:*", "*"]'));
  await write('agents/alpha/agent.md', agent('alpha'));
  await write('agents/README.md', '# Not an agent');
  await write('agents/.draft.md', 'not an agent');
  const { names, messages, agents } = await load();
  expect({ names, messages }).toEqual({ names: ['alpha', 'beta'], messages: [] });
  expect(agents.find('beta')?.definition.instructions).toBe('You do beta.');
  expect(agents.find('gamma')).toBeUndefined();
});

test('a folder without agents has none', async () => {
  expect((await load()).names).toEqual([]);
});

test('problems of one file do not hide the other agents', async () => {
  await write('agents/good.md', agent('good'));
  await write('agents/bad.md', agent('bad', 'colour: red'));
  const { names, messages } = await load();
  expect(names).toEqual(['good']);
  expect(messages[0]).toMatch(/^agents\/bad\.md:4: "colour" is not known here\. Known: name, /);
});

test.each([
  ['tools: [ask_usr]', 'agents/a.md:4: there is no tool "ask_usr". Did you mean "ask_user"?'],
  [
    'tools:\n- ask_user\n- agent:bb',
    'agents/a.md:6: there is no agent "bb" to delegate to. Did you mean "agent:b"?',
  ],
  [
    'model: antropic/x',
    'agents/a.md:4: "antropic/x": there is no model provider "antropic". Did you mean "anthropic"?',
  ],
  [
    'model:\n- openai/x\n- foo/x',
    'agents/a.md:6: "foo/x": there is no model provider "foo". Known: anthropic, openai, offline.',
  ],
  [
    'tools: ["mcp:tickets/*"]',
    'agents/a.md:4: there is no tool "mcp:tickets/*". Tools of tool servers come from mcp.servers in batuta.yaml, where none is declared.',
  ],
  [
    'tools: ["openapi:billing/get"]',
    'agents/a.md:4: there is no tool "openapi:billing/get". Tools of APIs come from openapi.apis in batuta.yaml, where none is declared.',
  ],
  [
    'permissions:\n- denny: ask_user',
    'agents/a.md:5: "permissions[0].denny" is not known here. Did you mean "deny"?',
  ],
  [
    'permissions:\n- allow: ask_user\n- deny: wait_untill',
    'agents/a.md:6: there is no tool "wait_untill". Did you mean "wait_until"?',
  ],
])('%j is refused with its line', async (extra, message) => {
  await write('agents/a.md', agent('a', extra));
  await write('agents/b.md', agent('b'));
  const { names, messages } = await load();
  expect({ names, messages }).toEqual({ names: ['b'], messages: [message] });
});

test('two files of one name are a problem, and the first counts', async () => {
  await write('agents/a.md', agent('a'));
  await write('agents/a/agent.md', agent('a'));
  const { names, messages } = await load();
  expect(names).toEqual(['a']);
  expect(messages).toEqual([
    'agents/a/agent.md:2: there is another agent "a" in agents/a.md. Rename or remove one of them.',
  ]);
});

test('delegating to an agent whose file is broken is told once, at the broken file', async () => {
  await write('agents/a.md', agent('a', 'tools: ["agent:b"]'));
  await write('agents/b.md', 'broken');
  expect((await load()).messages).toEqual([
    expect.stringMatching(/^agents\/b\.md:1: the front matter is missing/),
  ]);
});

test('a folder of an agent without agent.md and a file that is too large are problems', async () => {
  await mkdir(join(path, 'agents/empty'), { recursive: true });
  await write('agents/large.md', agent('large') + 'x'.repeat(300_000));
  expect((await load()).messages).toEqual([
    'agents/empty/agent.md:1: the file cannot be read (it does not exist).',
    'agents/large.md:1: the file is larger than 256 kB.',
  ]);
});

test('team files are checked, also for agents that do not exist', async () => {
  await write('agents/a.md', agent('a'));
  const team = (name: string) => `---\nname: t\ndescription: T.\nstrategy: route\nagents:\n- ${name}\n---\n`;
  await write('teams/t.md', team('a'));
  expect((await load()).teams).toMatchObject([{ name: 't', agents: ['a'] }]);
  await write('teams/t.md', team('b'));
  expect((await load()).messages).toEqual(['teams/t.md:6: there is no agent "b". Did you mean "a"?']);
});

test('loading again sees what changed', async () => {
  await write('agents/a.md', agent('a'));
  const before = (await load()).agents.find('a')?.hash;
  await write('agents/a.md', agent('a', 'limits: { turns: 3 }'));
  expect((await load()).agents.find('a')?.hash).not.toBe(before);
});

test('a folder that is not there is refused', async () => {
  const error = await openProjectFolder(join(path, 'nowhere')).catch((reason: unknown) => reason);
  expect(BatutaError.has(error, 'project-invalid') && error.message).toMatch(
    /nowhere cannot be used: it does not exist/,
  );
});
