import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Event, JsonObject } from '@batuta/contract';
import { ScriptedModel, type ScriptedAnswer } from '@batuta/testkit/model';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { afterEach, expect, test } from 'vitest';
import { findApiTool } from '../../src/domain/tool/find-tools.ts';
import {
  documentOf,
  openApi,
  startApi,
  type ApiServer,
  type Arrived,
  type OpenApi,
  type Reply,
} from '../openapi/api-kit.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function serving(
  document: JsonObject | string,
  answer: (request: Arrived) => Reply | null,
): Promise<{ api: OpenApi; server: ApiServer }> {
  const server = await startApi(answer);
  const api = await openApi(document, { name: 'billing', server: server.url });
  open.push(server, api);
  return { api, server };
}

function settled(log: readonly Event[]) {
  return log.flatMap((event) => (event.kind === 'tool-call-settled' ? [event.data] : []));
}

async function runOf(
  platform: TestPlatform,
): Promise<{ run: Awaited<ReturnType<TestPlatform['run']>>; log: Event[] }> {
  const run = await platform.run('Go');
  return { run, log: await platform.events(run.session_id) };
}

const invoices = {
  openapi: '3.1.0',
  info: { title: 'Billing', version: '1' },
  paths: {
    '/invoices/{id}': {
      get: {
        operationId: 'getInvoice',
        summary: 'Get an invoice',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      },
    },
    '/invoices': {
      post: {
        operationId: 'createInvoice',
        summary: 'Create an invoice',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } },
            },
          },
        },
      },
    },
  },
};

const clerk: ScriptedAnswer[] = [
  {
    calls: [
      { tool: 'billing_getInvoice', arguments: { id: 7 } },
      { tool: 'billing_getInvoice', arguments: { id: 9 } },
    ],
  },
  { calls: [{ tool: 'billing_createInvoice', arguments: { body: {} } }] },
  { calls: [{ tool: 'billing_createInvoice', arguments: { body: { amount: 3.5 } } }] },
  { text: 'Done.' },
];

const billing = ({ method, target }: Arrived): Reply =>
  target === '/invoices/9'
    ? { status: 404, body: { title: 'No such invoice' } }
    : { status: method === 'POST' ? 201 : 200, body: { id: 7 } };

test('an agent reads and changes things of an API: effects are claimed, wrong arguments and refusals told', async () => {
  const { api, server } = await serving(invoices, billing);
  const agents = [{ tools: ['openapi:billing/*'] }];
  await withPlatform({ model: clerk, agents, toolSources: [api.source] }, async (platform) => {
    const { run, log } = await runOf(platform);
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(settled(log).map(({ outcome, content }) => [outcome, content])).toEqual([
      ['succeeded', 'status: 200\n\n{"id":7}'],
      ['failed', expect.stringContaining('The API answered 404 Not Found: No such invoice.')],
      ['failed', expect.stringContaining('"body.amount" is missing')],
      ['succeeded', 'status: 201\n\n{"id":7}'],
    ]);
    expect(server.arrived.map(({ method, body }) => method + body.toString())).toEqual([
      'GET',
      'GET',
      'POST{"amount":3.5}',
    ]);
    expect(log.filter(({ kind }) => kind === 'context-tainted').length).toBeGreaterThan(0);
  });
});

test('an effect whose answer never came is unknown to the model, and is not sent again', async () => {
  const { api, server } = await serving(invoices, () => null);
  const call = { tool: 'billing_createInvoice', arguments: { body: { amount: 1 } } };
  const agents = [{ tools: ['openapi:billing/createInvoice'] }];
  await withPlatform(
    { model: [{ calls: [call] }, { text: 'Unknown.' }], agents, toolSources: [api.source] },
    async (platform) => {
      const { run, log } = await runOf(platform);
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(log.map(({ kind }) => kind)).toContain('tool-call-unknown');
      expect(settled(log)).toEqual([expect.objectContaining({ outcome: 'unknown' })]);
      expect(server.arrived).toHaveLength(1);
    },
  );
});

const upload = {
  'multipart/form-data': {
    schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } },
  },
};
const pictures = documentOf({}, { route: '/picture' });
const paths = {
  ...(pictures['paths'] as JsonObject),
  '/pictures': { post: { operationId: 'upload', requestBody: { content: upload } } },
};

test('a file that an API gives is stored, and can be sent to it again', async () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
  const { api, server } = await serving({ ...pictures, paths }, ({ method }) =>
    method === 'GET' ? { headers: { 'content-type': 'image/png' }, body: png } : { status: 201 },
  );
  const model = new ScriptedModel(({ messages }) => {
    const artifact = /art_\w+/.exec(JSON.stringify(messages))?.[0];
    const answers = messages.filter(({ role }) => role === 'assistant').length;
    if (answers === 0) return { calls: [{ tool: 'billing_call' }] };
    return answers === 1
      ? { calls: [{ tool: 'billing_upload', arguments: { body: { file: artifact ?? '' } } }] }
      : { text: 'Done.' };
  });
  await withPlatform(
    { model, agents: [{ tools: ['openapi:billing/*'] }], toolSources: [api.source] },
    async (platform) => {
      const { log } = await runOf(platform);
      expect(settled(log).map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
      expect(server.arrived[1]?.body.includes(png)).toBe(true);
    },
  );
});

test('an agent finds one of a thousand operations by what it does, and calls it', async () => {
  const file = path.join(import.meta.dirname, '../openapi/fixture/kubernetes-swagger-2.json.gz');
  const { api, server } = await serving(gunzipSync(readFileSync(file)).toString(), () => ({
    body: { items: [] },
  }));
  const model = new ScriptedModel([
    { calls: [{ tool: 'find_api', arguments: { task: 'read log of a pod' } }] },
    {
      calls: [{ tool: 'billing_readCoreV1NamespacedPodLog', arguments: { name: 'web', namespace: 'shop' } }],
    },
    { text: 'Done.' },
  ]);
  const agents = [{ tools: ['find_api'] }];
  await withPlatform({ model, agents, tools: [findApiTool], toolSources: [api.source] }, async (platform) => {
    const { log } = await runOf(platform);
    expect(settled(log).map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
    expect(server.arrived[0]?.target).toBe('/api/v1/namespaces/shop/pods/web/log');
    expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual(['find_api']);
    expect(JSON.stringify(model.requests[1]?.tools).length).toBeLessThan(40_000);
  });
});
