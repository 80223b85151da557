import { BatutaClient } from '@batuta/sdk';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administratorKey, TestProject } from '../project/test-project.ts';
import { connectClient, textOf } from './connect.ts';

const agents = {
  hands: `---
name: hands
description: Makes single calls of tools.
model: offline/direct
tools: [calculator, current_time, write_file, run_python]
permissions: [{ deny: current_time }, { ask: calculator, arguments: { expression: { equals: "9+1" } } }]
---

You make single calls.
`,
  thinker:
    '---\nname: thinker\ndescription: Thinks.\nmodel: offline/extractive\ntools: [calculator]\n---\n\nYou think.\n',
};

describe('call_tool', () => {
  let project: TestProject;
  let client: Client;
  let url: string;
  beforeAll(async () => {
    project = new TestProject({ agents });
    const platform = await project.start();
    url = platform.url ?? '';
    client = await connectClient(url, administratorKey, '2026-07-28');
  });
  afterAll(async () => {
    await client.close();
    await project[Symbol.asyncDispose]();
  });

  async function call(tool: string, input: object, agent = 'hands') {
    return client.callTool({ name: 'call_tool', arguments: { agent, tool, arguments: input } });
  }

  test('is a run whose log accounts for the call', async () => {
    const answer = await call('run_python', { code: 'print(6 * 7)' });
    const { run } = answer.structuredContent as {
      run: { id: string; session_id: string; output: { text: string } };
    };
    expect(run.output.text).toMatch(/^42\n\[exit code 0/);
    const { items } = await new BatutaClient({ baseUrl: url, key: administratorKey }).sessions.log(
      run.session_id,
    );
    expect(items.map(({ kind }) => kind)).toContain('tool-call-claimed');
  });

  test.each([
    ['waits for a person where a rule asks', 'calculator', { expression: '9+1' }, '"waiting_for":"approval"'],
    [
      'is not told of a tool that a rule denies',
      'current_time',
      {},
      'This agent has no tool current_time. It has: calculator',
    ],
    ['has no tool that the agent has not', 'shell', { script: 'id' }, 'This agent has no tool shell.'],
    ['is told what is wrong with arguments', 'calculator', { sum: '1' }, 'The call failed'],
  ])('%s', async (...[, tool, input, said]) => {
    expect(textOf(await call(tool, input))).toContain(said);
  });

  test('is refused for an agent with a model of its own', async () => {
    expect(textOf(await call('calculator', { expression: '1' }, 'thinker'))).toContain(
      '(mcp-agent-not-direct)',
    );
  });
});
