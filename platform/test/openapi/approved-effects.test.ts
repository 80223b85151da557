import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BatutaClient } from '@batuta/sdk';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clientOf, TestProject } from '../project/test-project.ts';
import { documentOf, startApi, type ApiServer } from './api-kit.ts';

const hands = `---
name: hands
description: Makes single calls.
model: offline/direct
tools: [openapi:registrar/*]
---

You make single calls.
`;

let api: ApiServer;
let elsewhere: ApiServer;
let project: TestProject;
let client: BatutaClient;
let redirects: boolean;

beforeAll(async () => {
  elsewhere = await startApi();
  api = await startApi(() =>
    redirects ? { status: 307, headers: { location: `${elsewhere.url}/things` } } : { body: { made: true } },
  );
  project = new TestProject({ agents: { hands } });
  const domain = { name: 'domain', in: 'query', schema: { type: 'string' } };
  const document = documentOf({ parameters: [domain] }, { method: 'post' });
  writeFileSync(join(project.folder, 'api.json'), JSON.stringify(document));
  const registrar = { document: 'api.json', server: api.url };
  const openapi = { allow_private: ['127.0.0.1'], apis: { registrar } };
  writeFileSync(join(project.folder, 'batuta.yaml'), JSON.stringify({ openapi }));
  client = clientOf(await project.start());
}, 30_000);
beforeEach(() => {
  redirects = false;
  api.arrived.length = 0;
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await Promise.all([api.close(), elsewhere.close()]);
});

/** A call that a person is asked about, and decides. */
async function decided(decision: 'approve' | 'deny') {
  const tools = async () => (await client.tools.list({ source: 'openapi:registrar' })).items.length;
  await expect.poll(tools, { timeout: 15_000 }).toBe(1);
  const order = { tool: 'registrar_call', arguments: { domain: 'example.com' } };
  const { id } = await client.runs.create({ agent: 'hands', input: JSON.stringify(order) });
  const pending = async () => (await client.approvals.list({ run_id: id })).items;
  await expect.poll(pending, { timeout: 15_000 }).toHaveLength(1);
  const [approval] = await pending();
  expect(api.arrived).toEqual([]);
  await client.approvals.decide(approval?.id ?? '', { decision });
  return client.runs.wait(id);
}

test('an effect of an API that a person approved takes place, once', async () => {
  expect((await decided('approve')).output?.text).toContain('{"made":true}');
  expect(api.arrived.map(({ method, target }) => `${method} ${target}`)).toEqual([
    'POST /things?domain=example.com',
  ]);
});

test('an approval holds for no other host than the declared one', async () => {
  redirects = true;
  const { output } = await decided('approve');
  expect(output?.text).not.toContain('{"made":true}');
  expect(elsewhere.arrived).toEqual([]);
});

test('what was denied is not called', async () => {
  expect((await decided('deny')).output?.text).toContain('denied this call');
  expect(api.arrived).toEqual([]);
});
