import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BatutaClient } from '@batuta/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOf, TestProject } from '../project/test-project.ts';
import { own } from './open-source.ts';

const hands = `---
name: hands
description: Makes single calls.
model: offline/direct
tools: [mcp:pages/*]
permissions: [{ allow: mcp:pages/* }]
---

You make single calls.
`;

let project: TestProject;
let client: BatutaClient;

beforeAll(async () => {
  project = new TestProject({ agents: { hands } });
  const { command, args } = own('page-server.ts');
  writeFileSync(
    join(project.folder, 'batuta.yaml'),
    JSON.stringify({ mcp: { servers: { pages: { command, args } } } }),
  );
  client = clientOf(await project.start());
}, 30_000);
afterAll(() => project[Symbol.asyncDispose]());

async function start(tool: string) {
  const tools = async () => (await client.tools.list({ source: 'mcp:pages' })).items.length;
  await expect.poll(tools, { timeout: 15_000 }).toBe(4);
  return client.runs.create({ agent: 'hands', input: JSON.stringify({ tool: `pages_${tool}` }) });
}

/** What the person behind a run is asked. */
async function asked(runId: string) {
  const pending = async () => (await client.approvals.list({ run_id: runId })).items;
  await expect.poll(pending, { timeout: 10_000 }).toHaveLength(1);
  const [approval] = await pending();
  return { id: approval?.id ?? '', text: approval?.question ?? '' };
}

test('a person is told which page to open, and whose it is; nobody else opens it', async () => {
  const { id } = await start('connect');
  const question = await asked(id);
  const [, host, url] = /page of (\S+)\. .*\n(\S+)$/.exec(question.text) ?? [];
  expect(question.text).toContain('Sign in to the shop.');
  expect(url).toBe(`http://${host}/connect?for=ana`);
  await client.approvals.decide(question.id, { decision: 'answer', answer: 'not yet' });
  expect((await client.runs.wait(id)).output?.text).toContain('accept, not connected');
});

test('a call that needs a page first is made again when the person has been there', async () => {
  const { id } = await start('buy');
  const question = await asked(id);
  await fetch(question.text.split('\n').at(-1) ?? '');
  await client.approvals.decide(question.id, { decision: 'answer', answer: 'done' });
  expect(await client.runs.wait(id)).toMatchObject({ status: 'succeeded', output: { text: 'bought' } });
});

test('a person need not say that it is done when the server says so; nothing else ends the question', async () => {
  const { id } = await start('connect');
  const question = await asked(id);
  const site = new URL(question.text.split('\n').at(-1) ?? '');
  await fetch(new URL('/done?of=unknown', site));
  expect((await client.runs.get(id)).status).toBe('running');
  await fetch(site);
  await fetch(new URL('/done?of=one', site));
  expect((await client.runs.wait(id)).output?.text).toContain('accept, connected');
  expect((await client.approvals.get(question.id)).status).not.toBe('pending');
});

test('a person who does not want to open it says so, and the server is told', async () => {
  const { id } = await start('connect');
  const question = await asked(id);
  await client.approvals.decide(question.id, { decision: 'deny' });
  expect((await client.runs.wait(id)).output?.text).toContain('decline, ');
});

test.each(['trick', 'disguise'])(
  'nobody is asked to open what is no page, or looks like another: %s',
  async (tool) => {
    const { id } = await start(tool);
    expect((await client.runs.wait(id)).output?.text).toContain('decline, ');
    expect((await client.approvals.list({ run_id: id })).items).toEqual([]);
  },
);
