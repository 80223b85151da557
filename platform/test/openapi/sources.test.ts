import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '@batuta/contract';
import { afterEach, expect, test } from 'vitest';
import type { ApiSettings } from '../../src/adapter/openapi/api-settings.ts';
import type { Clock } from '../../src/port/clock.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import type { ToolSource } from '../../src/port/tool-source.ts';
import { documentOf, openApi, openSources, startApi, type OpenSources, type Reply } from './api-kit.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function opened(...told: Parameters<typeof openSources>): Promise<OpenSources> {
  const sources = await openSources(...told);
  open.push(sources);
  return sources;
}

function messages(source: ToolSource | undefined): string[] {
  return source?.status().problems.map(({ message }) => message) ?? [];
}

/** A clock whose timers end when the test says so. */
function heldClock() {
  const timers: { ms: number; callback: () => void }[] = [];
  const clock: Clock = {
    ...systemClock,
    after: (ms, callback) => {
      timers.push({ ms, callback });
      return () => undefined;
    },
  };
  return { clock, timers, elapse: () => timers.pop()?.callback() };
}

test('a bad document stops no other, and says where and why', async () => {
  const { sources } = await opened({ 'good.json': documentOf({}), 'bad.yaml': 'openapi: 3.1.0\npaths: [' }, [
    { name: 'bad', document: 'bad.yaml' },
    { name: 'gone', document: 'gone.json' },
    { name: 'good', document: 'good.json', server: 'https://api.example.com' },
  ]);
  await Promise.all(sources.map(({ settled }) => settled));
  expect(sources.map((source) => source.status().state)).toEqual(['failing', 'failing', 'ready']);
  expect(messages(sources[0])).toEqual([
    expect.stringContaining('The document of the API "bad" cannot be used: at line 2: not valid YAML'),
  ]);
  expect(messages(sources[1])).toEqual([
    'The document of the API "gone" cannot be read: there is no file gone.json in the project folder.',
  ]);
  expect(sources[2]?.tools().map(({ name, reference }) => [name, reference])).toEqual([
    ['good_call', 'openapi:good/call'],
  ]);
});

test('making sources waits for nothing', async () => {
  const { sources } = await opened({ 'api.json': documentOf({}) }, [{}]);
  expect(sources[0]?.status()).toEqual({ state: 'starting', tools: 0, problems: [] });
  expect(sources[0]?.tools()).toEqual([]);
  await sources[0]?.settled;
  expect(sources[0]?.revision).toBe(1);
});

test('a file that changes is read again, and keeps its tools when the change is bad', async () => {
  const { clock, elapse } = heldClock();
  const settings = { server: 'https://api.example.com', refreshMs: 60_000 };
  const { sources, folder } = await opened({ 'api.json': documentOf({ operationId: 'first' }) }, [settings], {
    clock,
  });
  const [source] = sources;
  await source?.settled;
  const change = async (content: string) => {
    await writeFile(path.join(folder, 'api.json'), content);
    await utimes(path.join(folder, 'api.json'), 1, content.length);
    elapse();
  };
  await change(JSON.stringify(documentOf({ operationId: 'second' })));
  await expect.poll(() => source?.tools().map(({ reference }) => reference)).toEqual(['openapi:api/second']);
  expect(source?.revision).toBe(2);
  await change('nonsense');
  await expect.poll(() => source?.status().state).toBe('failing');
  expect(source?.tools()).toHaveLength(1);
});

const replies: Reply[] = [
  { headers: { etag: '"1"' }, body: documentOf({}) },
  { status: 304 },
  { status: 500 },
  { status: 500 },
];

test('a document at an address is asked for again with its ETag, and after a failure sooner and sooner less often', async () => {
  const { clock, timers, elapse } = heldClock();
  const server = await startApi(() => replies.shift() ?? { status: 500 });
  open.push(server);
  const { sources } = await opened({}, [{ document: `${server.url}/api.json`, refreshMs: 60_000 }], {
    clock,
  });
  await sources[0]?.settled;
  const waits = [timers.at(-1)?.ms];
  for (let look = 1; look <= 3; look += 1) {
    elapse();
    await expect.poll(() => timers.length).toBe(1);
    waits.push(timers.at(-1)?.ms);
  }
  expect(waits).toEqual([60_000, 60_000, 5_000, 10_000]);
  expect(server.arrived.map(({ headers }) => headers['if-none-match'])).toEqual([
    undefined,
    '"1"',
    '"1"',
    '"1"',
  ]);
  expect(sources[0]?.revision).toBe(1);
  expect(messages(sources[0])).toEqual([expect.stringMatching(/answered 500\.$/)]);
});

const auth: ApiSettings['auth'] = {
  own: { type: 'api_key', key: 'secret://key', in: 'header', name: 'X-Key' },
};

test('a document from elsewhere cannot lead credentials to another server, nor say that an effect is none', async () => {
  const document = documentOf(
    { 'x-batuta-read-only': true },
    { method: 'post', servers: [{ url: 'https://attacker.example.com' }] },
  );
  const server = await startApi(() => ({ body: document }));
  open.push(server);
  const { sources } = await opened({}, [
    { name: 'led', document: `${server.url}/api.json`, auth },
    { name: 'told', document: `${server.url}/api.json`, auth, server: 'https://api.example.com' },
  ]);
  await Promise.all(sources.map(({ settled }) => settled));
  expect(sources[0]?.tools()).toEqual([]);
  expect(messages(sources[0])[0]).toContain('credentials are sent there only when "server" says so');
  expect(sources[1]?.tools()[0]?.annotations.readOnly).toBe(false);
});

test('a document at a private address is not read unless the settings name its host', async () => {
  const server = await startApi(() => ({ body: documentOf({}) }));
  open.push(server);
  const { sources } = await opened({}, [{ document: `${server.url}/api.json` }], {
    limits: { allowPrivate: [] },
  });
  await sources[0]?.settled;
  expect(messages(sources[0])).toEqual([expect.stringContaining('127.0.0.1 is not public')]);
  expect(server.arrived).toEqual([]);
});

test('a document that is too large is not read', async () => {
  const { sources } = await opened({ 'api.json': documentOf({ description: 'x'.repeat(2_000) }) }, [{}], {
    limits: { documentMaxBytes: 1_024 },
  });
  await sources[0]?.settled;
  expect(messages(sources[0])).toEqual([
    expect.stringMatching(/more than openapi\.document_max_bytes \(1024\)\.$/),
  ]);
});

test.each<[JsonObject[], Partial<ApiSettings>, string]>([
  [
    [{ url: 'https://{region}.example.com/v1', variables: { region: { default: 'eu' } } }],
    {},
    'https://eu.example.com/v1/things',
  ],
  [
    [{ url: 'https://{region}.example.com/v1' }],
    { variables: { region: 'us' } },
    'https://us.example.com/v1/things',
  ],
  [[{ url: '/v1' }, { url: 'https://api.example.com' }], {}, 'https://api.example.com/things'],
  [
    [{ url: 'https://other.example.com' }],
    { server: 'https://own.example.com/base/' },
    'https://own.example.com/base/things',
  ],
])('with the servers %j and %j a call goes to %s', async (...[servers, settings, wanted]) => {
  const api = await openApi(documentOf({}, { servers }), settings, {
    resolve: () => Promise.reject(new Error('stopped')),
  });
  open.push(api);
  const asked: string[] = [];
  await expect(api.call('call', {}, { mayReach: (url) => void asked.push(url.href) })).rejects.toThrow(
    'was not found',
  );
  expect(asked).toEqual([wanted]);
});

test.each([
  [[], 'so "server" must be set'],
  [
    [{ url: 'https://{region}.example.com' }],
    'the variable "region" of the server https://{region}.example.com must be set under "variables"',
  ],
])('a document whose servers %j make no address leaves its operations out', async (servers, reason) => {
  const api = await openApi(documentOf({}, { servers }));
  open.push(api);
  expect(messages(api.source)[0]).toContain(reason);
});

test('operations can be hidden, and a pattern that fits none is a problem', async () => {
  const paths = { '/a': { get: { operationId: 'getA' } }, '/b': { delete: { operationId: 'deleteB' } } };
  const api = await openApi(
    { openapi: '3.1.0', info: {}, paths },
    {
      server: 'https://a.example.com',
      operations: { 'delete*': { hidden: true }, nothing: { readOnly: true } },
    },
  );
  open.push(api);
  expect(api.source.tools().map(({ reference }) => reference)).toEqual(['openapi:api/getA']);
  expect(messages(api.source)).toEqual([
    'openapi.apis.api.operations of batuta.yaml: "nothing" fits no operation.',
  ]);
});
