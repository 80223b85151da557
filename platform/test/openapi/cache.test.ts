import { afterEach, expect, test } from 'vitest';
import { ResponseCache } from '../../src/adapter/openapi/answer/response-cache.ts';
import type { ApiSettings } from '../../src/adapter/openapi/api-settings.ts';
import { openApi, startApi, type ApiServer, type Arrived, type OpenApi, type Reply } from './api-kit.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

const parameters = [{ name: 'q', in: 'query', schema: { type: 'string' } }];
const document = {
  openapi: '3.0.3',
  info: { title: 'Things', version: '1' },
  paths: {
    '/things': {
      get: { operationId: 'get', parameters, responses: {} },
      post: { operationId: 'post', responses: {} },
    },
  },
};
const auth: ApiSettings['auth'] = {
  own: { type: 'api_key', key: 'secret://key', in: 'header', name: 'X-Key' },
};

async function serving(
  answer: (request: Arrived) => Reply,
  settings: Partial<ApiSettings> = {},
): Promise<{ api: OpenApi; server: ApiServer }> {
  const server = await startApi(answer);
  const api = await openApi(document, { server: server.url, auth, ...settings });
  open.push(server, api);
  return { api, server };
}

const fresh: Reply = { headers: { 'cache-control': 'max-age=60' }, body: { a: 1 } };

test('an answer that may be kept is not asked for again', async () => {
  const { api, server } = await serving(() => fresh);
  const first = await api.call('get', { q: 'a' });
  expect(await api.call('get', { q: 'a' })).toEqual(first);
  await api.call('get', { q: 'b' });
  expect(server.arrived).toHaveLength(2);
});

test.each<[string, Reply, Partial<ApiSettings>]>([
  ['says nothing', { body: {} }, {}],
  ['says no-store', { headers: { 'cache-control': 'no-store, max-age=60' }, body: {} }, {}],
  ['is an error', { status: 500, headers: { 'cache-control': 'max-age=60' }, body: {} }, {}],
  ['differs for everybody', { headers: { 'cache-control': 'max-age=60', vary: '*' }, body: {} }, {}],
  ['could be kept, but the settings do not want it', fresh, { cache: false }],
])('an answer that %s is asked for again', async (_, reply, settings) => {
  const { api, server } = await serving(() => reply, settings);
  await api.call('get', {});
  await api.call('get', {});
  expect(server.arrived).toHaveLength(2);
});

test('an answer with an ETag is asked for again only whether it still holds', async () => {
  const { api, server } = await serving(({ headers }) =>
    headers['if-none-match'] === '"1"'
      ? { status: 304, headers: { etag: '"1"' } }
      : { headers: { etag: '"1"', 'cache-control': 'no-cache' }, body: { a: 1 } },
  );
  await api.call('get', {});
  expect((await api.call('get', {})).text).toBe('status: 200\n\n{"a":1}');
  expect(server.arrived.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"']);
});

test('what a tenant or other credentials may see is not given to others', async () => {
  const { api, server } = await serving(() => fresh);
  await api.call('get', {});
  await api.call('get', {}, { tenantId: 'other' });
  await api.call('get', {}, { secret: async () => 'another key' });
  expect(server.arrived).toHaveLength(3);
});

test('a call that changes something makes what was kept be asked for again', async () => {
  const { api, server } = await serving(() => fresh);
  await api.call('get', {});
  await api.call('post', {});
  await api.call('get', {});
  expect(server.arrived.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
});

test('what was not used for longest goes first when memory is full', () => {
  const cache = new ResponseCache(12_000);
  const request = (name: string) => ({
    partition: 'p',
    url: new URL(`http://a/${name}`),
    method: 'get',
    headers: {},
  });
  const answer = {
    status: 200,
    headers: { 'cache-control': 'max-age=60' },
    body: Buffer.alloc(1_500),
    bodyFault: null,
  };
  for (const name of ['a', 'b', 'c', 'd']) cache.keep(request(name), answer);
  cache.find(request('a'));
  cache.keep(request('e'), answer);
  const kept = ['a', 'b', 'c', 'd', 'e'].filter((name) => cache.find(request(name)).kind === 'fresh');
  expect(kept).toEqual(['a', 'c', 'd', 'e']);
  cache.keep(request('large'), { ...answer, body: Buffer.alloc(10_000) });
  expect(cache.find(request('large')).kind).toBe('none');
});
