import type { JsonObject } from '@batuta/contract';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { ApiSettings } from '../../src/adapter/openapi/api-settings.ts';
import type { ToolOutput } from '../../src/port/tool.ts';
import { documentOf, openApi, startApi, type ApiServer, type OpenApi, type Reply } from './api-kit.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** An API with one operation whose server always answers the same. */
async function answering(
  reply: Reply | null,
  operation: JsonObject = {},
  settings: Partial<ApiSettings> & { method?: string } = {},
): Promise<{ api: OpenApi; server: ApiServer }> {
  const server = await startApi(() => reply);
  const { method = 'get', ...rest } = settings;
  const api = await openApi(documentOf(operation, { method }), { server: server.url, ...rest });
  open.push(server, api);
  return { api, server };
}

async function told(reply: Reply, operation: JsonObject = {}, settings = {}): Promise<ToolOutput> {
  const { api } = await answering(reply, operation, settings);
  return api.call('call', {});
}

const json = { 'content-type': 'application/json; charset=utf-8' };

test('JSON comes back compact, and its numbers as they were', async () => {
  const body = '{\n  "id": 12345678901234567890,\n  "text": "a  b\\n\\" c"\n}';
  expect((await told({ headers: json, body })).text).toBe(
    'status: 200\n\n{"id":12345678901234567890,"text":"a  b\\n\\" c"}',
  );
});

test('a text that is called JSON and is none costs no more than its length', async () => {
  const body = `{"a": 1,\n${'\\"'.repeat(400_000)}`;
  const began = performance.now();
  expect((await told({ headers: json, body })).text).toContain('{"a":1,');
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('an answer without content says its status and where the thing is', async () => {
  const output = await told({ status: 201, headers: { location: '/things/7' } });
  expect(output).toEqual({ text: 'status: 201\nlocation: /things/7' });
});

test('a text in another charset and a packed one can be read', async () => {
  const latin = { 'content-type': 'text/plain; charset=iso-8859-1' };
  expect((await told({ headers: latin, body: Buffer.from('olá', 'latin1') })).text).toContain('olá');
  const packed = { ...json, 'content-encoding': 'gzip' };
  expect((await told({ headers: packed, body: gzipSync('{"a":1}') })).text).toContain('{"a":1}');
});

test('what is no text becomes a file with the name that the API gives it', async () => {
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': 'attachment; filename="../../in voice.pdf"',
  };
  const output = await told({ headers, body: Buffer.from('%PDF') });
  expect(output.files).toEqual([
    { name: 'in voice.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF') },
  ]);
  expect(output.text).toContain('a file of type application/pdf with 4 bytes');
});

test.each<[string, Reply, string]>([
  [
    'problem details',
    {
      status: 422,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify({
        title: 'Invalid',
        detail: 'Two fields.',
        errors: [
          { pointer: '/name', detail: 'is too short' },
          { field: 'age', message: 'must be a number' },
        ],
      }),
    },
    'The API answered 422 Unprocessable Entity: Invalid; Two fields.; /name: is too short; age: must be a number.',
  ],
  [
    'an error object',
    { status: 400, body: { error: { code: 'bad_card', message: 'The card was declined' } } },
    'The API answered 400 Bad Request: bad_card; The card was declined.',
  ],
  [
    'errors by field',
    { status: 400, body: { errors: { email: ['is taken'] } } },
    'The API answered 400 Bad Request: email: is taken.',
  ],
  [
    'a text',
    { status: 404, headers: { 'content-type': 'text/plain' }, body: 'No such thing' },
    'The API answered 404 Not Found.',
  ],
])('%s of a refusal are told in words, with the content after them', async (_, reply, words) => {
  const output = await told(reply);
  expect(output.failed).toBe(true);
  expect(output.text.split('\n')[0]).toBe(words);
  expect(output.text).toContain('\nIts answer: ');
});

test.each([
  [500, 'get', 'The fault is on the side of the API.'],
  [500, 'post', 'It is not known whether it took effect: look before you call again.'],
  [403, 'get', 'a person must look at them'],
])('a %i after %s says what can be done', async (status, method, advice) => {
  expect((await told({ status }, {}, { method })).text).toContain(advice);
});

test('a refusal for want of credentials names the setting', async () => {
  const output = await told({ status: 401 }, { security: [{ token: [] }] });
  expect(output.text).toContain(
    'It asks for token, and openapi.apis.api.auth in batuta.yaml has none of them',
  );
});

test('an effect whose answer is cut off is unknown; what only reads has failed', async () => {
  const { api: effect } = await answering(null, {}, { method: 'post' });
  await expect(effect.call('call', {})).rejects.toMatchObject({ code: 'tool-outcome-unknown' });
  const { api: reading } = await answering(null);
  await expect(reading.call('call', {})).rejects.toMatchObject({ code: 'tool-failed' });
});

test('an effect that could not be sent has failed', async () => {
  const { api, server } = await answering({}, {}, { method: 'post' });
  await server.close();
  open.splice(0, 1);
  await expect(api.call('call', {})).rejects.toMatchObject({ code: 'tool-failed' });
});

test('an answer that is too large fails what only reads, and leaves an effect done', async () => {
  const reply = { status: 200, headers: json, body: `"${'x'.repeat(1_000_001)}"` };
  expect(await told(reply)).toMatchObject({
    failed: true,
    text: expect.stringContaining('larger than 1000000 bytes'),
  });
  expect(await told(reply, {}, { method: 'post' })).toMatchObject({
    failed: false,
    text: expect.stringMatching(/^status: 200\n/),
  });
});

const paged = {
  parameters: ['page', 'cursor'].map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
};

test.each<[Reply, string]>([
  [
    { headers: { link: '</things?page=1>; rel="prev", </things?page=3>; rel="next"' }, body: {} },
    '(Link header): call again with page="3".',
  ],
  [
    { body: { next: 'https://api.example.com/things?cursor=abc%3D' } },
    '(field "next"): call again with cursor="abc=".',
  ],
  [{ body: { meta: { next_cursor: 'xyz' } } }, '(field "meta.next_cursor"): call again with cursor="xyz".'],
  [
    { body: { '@odata.nextLink': 'https://example.com/next/7' } },
    '(field "@odata.nextLink"): https://example.com/next/7',
  ],
  [{ body: { has_more: true } }, 'There is more: call again with another page.'],
])('the next page of %j is told in words', async (reply, words) => {
  expect((await told(reply, paged)).text).toContain(words);
});

test('the next page is a number where the operation takes a number', async () => {
  const parameters = [{ name: 'page', in: 'query', schema: { type: 'integer' } }];
  const reply = { body: { next: '/things?page=2' } };
  expect((await told(reply, { parameters })).text).toContain('call again with page=2.');
});

test('an answer without a next page says nothing of one', async () => {
  expect((await told({ body: { next: null, has_more: false } }, paged)).text).not.toContain('There is');
});
