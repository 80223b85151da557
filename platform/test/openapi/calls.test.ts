import type { JsonObject } from '@batuta/contract';
import { BatutaError } from '@batuta/contract';
import { afterEach, expect, test } from 'vitest';
import type { ApiSettings } from '../../src/adapter/openapi/api-settings.ts';
import {
  documentOf,
  openApi,
  startApi,
  type ApiServer,
  type Arrived,
  type OpenApi,
  type Reply,
} from './api-kit.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

interface Place {
  settings?: Partial<ApiSettings>;
  operation?: JsonObject;
  method?: string;
}

async function serving(
  answer: (request: Arrived) => Reply | null,
  { settings = {}, operation = {}, method = 'get' }: Place = {},
): Promise<{ api: OpenApi; server: ApiServer }> {
  const server = await startApi(answer);
  open.push(server);
  const api = await openApi(documentOf(operation, { method }), { server: server.url, ...settings });
  open.push(api);
  return { api, server };
}

test.each([
  ['get', { readOnly: true, destructive: false, idempotent: true }],
  ['head', { readOnly: true, destructive: false, idempotent: true }],
  ['post', { readOnly: false, destructive: false, idempotent: false }],
  ['patch', { readOnly: false, destructive: false, idempotent: false }],
  ['put', { readOnly: false, destructive: false, idempotent: true }],
  ['delete', { readOnly: false, destructive: true, idempotent: false }],
])('%s is annotated as what it does', async (method, annotations) => {
  const { api } = await serving(() => ({}), { method });
  expect(api.tool('call').annotations).toEqual({ ...annotations, openWorld: true });
});

test('the document of a project and the settings say better what an operation does, the settings last', async () => {
  const { api } = await serving(() => ({}), {
    method: 'post',
    operation: { 'x-batuta-read-only': true, 'x-batuta-private-data': true },
    settings: {
      operations: { 'ca*': { privateData: false } },
      stated: { openWorld: false, untrusted: true },
    },
  });
  expect(api.tool('call').annotations).toEqual({
    readOnly: true,
    destructive: false,
    idempotent: true,
    openWorld: false,
    privateData: false,
    untrusted: true,
  });
});

test('the key of a call goes along where the API declares a header for it, and makes it repeatable', async () => {
  const parameters = [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } }];
  const { api, server } = await serving(() => ({}), { method: 'post', operation: { parameters } });
  await api.call('call', {}, { idempotencyKey: 'run_1:call_1' });
  expect(server.arrived[0]?.headers['idempotency-key']).toBe('run_1:call_1');
  expect(api.tool('call')).toMatchObject({
    annotations: { idempotent: true },
    inputSchema: { properties: {} },
  });
});

test('rules are asked before a host is looked up, and again with its addresses', async () => {
  const { api, server } = await serving(() => ({}));
  const asked: unknown[] = [];
  await api.call('call', {}, { mayReach: (url, addresses) => void asked.push([url.host, addresses]) });
  expect(asked).toEqual([
    [server.host, undefined],
    [server.host, [{ address: '127.0.0.1', isPublic: false }]],
  ]);
  const refuse = () => {
    throw new BatutaError('address-refused', { tool: 'call', address: server.host, reason: 'rule 1' });
  };
  await expect(api.call('call', {}, { mayReach: refuse })).rejects.toMatchObject({ code: 'address-refused' });
  expect(server.arrived).toHaveLength(1);
});

test('a private address is refused unless the settings name it', async () => {
  const api = await openApi(
    documentOf({}),
    { server: 'http://127.0.0.2:9' },
    { limits: { allowPrivate: [] } },
  );
  open.push(api);
  await expect(api.call('call', {})).rejects.toMatchObject({ code: 'address-forbidden' });
});

test('a name that stands for a private address is refused', async () => {
  const resolve = async () => [{ address: '10.0.0.1', family: 4 as const }];
  const api = await openApi(documentOf({}), { server: 'http://api.example.com' }, { resolve });
  open.push(api);
  await expect(api.call('call', {})).rejects.toMatchObject({ code: 'address-forbidden' });
});

test('a redirect of what only reads is followed, to another origin without credentials', async () => {
  const other = await startApi(() => ({ body: { here: true } }));
  open.push(other);
  const auth: ApiSettings['auth'] = {
    own: { type: 'api_key', key: 'secret://key', in: 'header', name: 'X-Key' },
  };
  const { api, server } = await serving(
    ({ target }) =>
      target === '/things'
        ? { status: 302, headers: { location: '/elsewhere' } }
        : { status: 307, headers: { location: other.url } },
    { settings: { auth, headers: { 'X-Own': 'yes' } } },
  );
  expect((await api.call('call', {})).text).toContain('{"here":true}');
  expect(server.arrived[1]?.headers).toMatchObject({ 'x-key': 'value of key', 'x-own': 'yes' });
  expect(other.arrived[0]?.headers).not.toHaveProperty('x-key');
  expect(other.arrived[0]?.headers).not.toHaveProperty('x-own');
});

test('a redirect of an effect is an answer, unless the same is asked for at the same origin', async () => {
  const redirect = (status: number) => (request: Arrived) =>
    request.target === '/things' ? { status, headers: { location: '/again' } } : { status: 201 };
  const { api: moved, server } = await serving(redirect(302), { method: 'post' });
  expect((await moved.call('call', {})).text).toBe('status: 302\nlocation: /again');
  expect(server.arrived).toHaveLength(1);
  const { api: same } = await serving(redirect(307), { method: 'post' });
  expect((await same.call('call', {})).text).toBe('status: 201');
});

test('a POST that only reads takes its body to no other origin', async () => {
  const other = await startApi();
  open.push(other);
  const operation = { 'x-batuta-read-only': true };
  const { api } = await serving(() => ({ status: 307, headers: { location: other.url } }), {
    method: 'post',
    operation,
  });
  expect((await api.call('call', {})).text).toContain('status: 307');
  expect(other.arrived).toEqual([]);
});

test('an API that asks to wait is asked again when that fits into the time of the call', async () => {
  let calls = 0;
  const { api, server } = await serving(
    () => {
      calls += 1;
      return calls === 1 ? { status: 429, headers: { 'retry-after': '0' } } : { status: 201 };
    },
    { method: 'post' },
  );
  expect((await api.call('call', {})).text).toBe('status: 201');
  expect(server.arrived).toHaveLength(2);
});

test.each([
  [429, 'post', '3600', 1],
  [503, 'post', '0', 1],
  [503, 'get', '0', 4],
])(
  'after %i to a %s with Retry-After %s it was sent %i times',
  async (...[status, method, seconds, times]) => {
    const { api, server } = await serving(() => ({ status, headers: { 'retry-after': seconds } }), {
      method,
    });
    expect(await api.call('call', {})).toMatchObject({ failed: true });
    expect(server.arrived).toHaveLength(times);
  },
);

test('calls beyond the limit of an API are told when to come again, each tenant by itself', async () => {
  const { api, server } = await serving(() => ({}), { settings: { callsPerMinute: 2, cache: false } });
  for (let call = 0; call < 2; call += 1) await api.call('call', {});
  const output = await api.call('call', {});
  expect(output).toMatchObject({
    failed: true,
    text: expect.stringMatching(
      /limit of 2 calls a minute is reached: nothing was sent; call again in \d+ s/,
    ),
  });
  expect(await api.call('call', {}, { tenantId: 'other' })).not.toHaveProperty('failed');
  expect(server.arrived).toHaveLength(3);
});

test('a call waits for its turn when that fits into its time', async () => {
  const { api, server } = await serving(() => ({}), { settings: { callsPerMinute: 600, cache: false } });
  await Promise.all(Array.from({ length: 603 }, () => api.call('call', {})));
  expect(server.arrived).toHaveLength(603);
});

test('a call that is cancelled ends', async () => {
  const { promise: asked, resolve: note } = Promise.withResolvers<void>();
  const server = await startApi(() => ({}));
  open.push(server);
  const resolve = () => {
    note();
    return new Promise<never>(() => undefined);
  };
  const api = await openApi(documentOf({}), { server: 'http://api.example.com' }, { resolve });
  open.push(api);
  const controller = new AbortController();
  const call = api.call('call', {}, { signal: controller.signal });
  await asked;
  controller.abort(new Error('cancelled'));
  await expect(call).rejects.toThrow('cancelled');
});
