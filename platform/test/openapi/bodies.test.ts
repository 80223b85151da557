import type { JsonObject, JsonValue } from '@batuta/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ToolContext } from '../../src/port/tool.ts';
import { documentOf, openApi, startApi, type ApiServer, type Arrived } from './api-kit.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await startApi();
});
afterAll(() => server.close());

const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10]);
const readArtifact: ToolContext['readArtifact'] = async (id, { length }) =>
  id === 'art_1'
    ? { mediaType: 'image/png', bytes: picture.byteLength, content: picture.subarray(0, length) }
    : undefined;

/** Sends a body and gives the request as it arrived, or what the model is told instead. */
async function sent(content: JsonObject, body: JsonValue): Promise<Arrived | string> {
  const before = server.arrived.length;
  const document = documentOf({ requestBody: { required: true, content } }, { method: 'post' });
  const api = await openApi(document, { server: server.url });
  try {
    const { text, failed } = await api.call('call', { body }, { readArtifact });
    if (failed === true && server.arrived.length > before) throw new Error('it was sent');
    return failed === true ? text : (server.arrived.at(-1) as Arrived);
  } finally {
    await api.close();
  }
}

async function arrived(content: JsonObject, body: JsonValue): Promise<Arrived> {
  const found = await sent(content, body);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

const form = 'application/x-www-form-urlencoded';

test.each([
  ['application/json', { a: [1, 'ü'] }],
  ['application/vnd.api+json', { data: { id: '1' } }],
  ['application/merge-patch+json', { a: null }],
  ['*/*', { any: true }],
])('a body of %s arrives as JSON', async (type, body) => {
  const request = await arrived({ [type]: { schema: {} } }, body);
  expect(request.headers['content-type']).toBe(type === '*/*' ? 'application/json' : type);
  expect(JSON.parse(request.body.toString())).toEqual(body);
});

test('JSON is chosen where several types are offered', async () => {
  const content = {
    'application/xml': { schema: {} },
    [form]: { schema: {} },
    'application/json': { schema: {} },
  };
  expect((await arrived(content, { a: 1 })).headers['content-type']).toBe('application/json');
});

const properties = {
  name: { type: 'string' },
  tags: { type: 'array', items: { type: 'string' } },
  ids: { type: 'array', items: { type: 'integer' } },
  options: { type: 'object' },
  deep: { type: 'object' },
  flat: { type: 'object' },
};
const encoding = {
  ids: { style: 'form', explode: false },
  deep: { style: 'deepObject', explode: true },
  flat: { style: 'form', explode: true },
};

test.each<[JsonObject, string]>([
  [{ name: 'a&b c' }, 'name=a%26b%20c'],
  [{ tags: ['x', 'y'] }, 'tags=x&tags=y'],
  [{ ids: [1, 2] }, 'ids=1,2'],
  [{ options: { a: 1 } }, 'options=%7B%22a%22%3A1%7D'],
  [{ deep: { a: { b: 1 } } }, 'deep%5Ba%5D%5Bb%5D=1'],
])('the form %j arrives as %s', async (body, wanted) => {
  const request = await arrived({ [form]: { schema: { type: 'object', properties }, encoding } }, body);
  expect(request.headers['content-type']).toBe(form);
  expect(request.body.toString()).toBe(wanted);
});

/** A multipart body as the platform's own reader of forms understands it. */
async function fieldsOf({ headers, body }: Arrived): Promise<Record<string, unknown[]>> {
  const type = String(headers['content-type']);
  const data = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const read = async (value: FormDataEntryValue) =>
    typeof value === 'string' ? value : [value.name, value.type, Buffer.from(await value.arrayBuffer())];
  const names = [...new Set(data.keys())];
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await Promise.all(data.getAll(name).map(read))] as const),
    ),
  );
}

const upload = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      properties: {
        file: { type: 'string', format: 'binary' },
        more: { type: 'array', items: { type: 'string', format: 'binary' } },
        note: { type: 'string' },
        count: { type: 'integer' },
        tags: { type: 'array', items: { type: 'string' } },
        meta: { type: 'object' },
      },
    },
    encoding: { meta: { contentType: 'application/json' } },
  },
};

test('a multipart form carries texts, lists, objects and the contents of artifacts', async () => {
  const body = {
    file: 'art_1',
    more: ['art_1', 'art_1'],
    note: 'a\r\nb "c"',
    count: 3,
    tags: ['x', 'y'],
    meta: { a: 1 },
  };
  const request = await arrived(upload, body);
  expect(request.headers['content-type']).toMatch(/^multipart\/form-data; boundary=batuta-/);
  const file = ['art_1', 'image/png', picture];
  expect(await fieldsOf(request)).toMatchObject({
    file: [file],
    more: [file, file],
    note: ['a\r\nb "c"'],
    count: ['3'],
    tags: ['x', 'y'],
  });
  expect(request.body.toString('latin1')).toMatch(
    /name="meta"\r\nContent-Type: application\/json\r\n\r\n\{"a":1\}\r\n/,
  );
});

test('a file is an argument that names an artifact', async () => {
  const api = await openApi(documentOf({ requestBody: { content: upload } }, { method: 'post' }), {
    server: server.url,
  });
  const { inputSchema } = api.tool('call');
  expect(inputSchema).toMatchObject({
    properties: {
      body: { properties: { file: { type: 'string', description: expect.stringContaining('artifact') } } },
    },
  });
  await api.close();
});

test('an artifact that is not there is told, and nothing is sent', async () => {
  expect(await sent(upload, { file: 'art_2' })).toBe(
    'It was not called: there is no artifact "art_2"; give the id of one, art_....',
  );
});

test.each([
  ['text/plain', 'Hello.', 'Hello.'],
  ['application/xml', '<a/>', '<a/>'],
])('a body of %s is a text', async (type, body, wanted) => {
  const request = await arrived({ [type]: { schema: { type: 'string' } } }, body);
  expect([request.headers['content-type'], request.body.toString()]).toEqual([type, wanted]);
});

test.each([
  ['application/octet-stream', 'image/png'],
  ['image/*', 'image/png'],
  ['application/pdf', 'application/pdf'],
])('a body of %s is an artifact, sent as %s', async (type, wanted) => {
  const request = await arrived({ [type]: { schema: { type: 'string', format: 'binary' } } }, 'art_1');
  expect(request.headers['content-type']).toBe(wanted);
  expect(request.body).toEqual(picture);
});

const field = (name: string, more: JsonObject = {}) => ({ name, in: 'formData', type: 'string', ...more });
const post = (operationId: string, parameters: JsonObject[], consumes?: string[]) => ({
  post: { operationId, parameters, responses: {}, ...(consumes ? { consumes } : {}) },
});
const list = { type: 'array', items: { type: 'string' } };
const old = {
  swagger: '2.0',
  info: { title: 'Old', version: '1' },
  paths: {
    '/form': post(
      'form',
      [field('a', { required: true }), field('b', list), field('c', { ...list, collectionFormat: 'multi' })],
      [form],
    ),
    '/file': post('file', [field('note'), field('file', { type: 'file' })]),
    '/body': post('body', [
      { name: 'thing', in: 'body', required: true, schema: { $ref: '#/definitions/Thing' } },
    ]),
  },
  definitions: { Thing: { type: 'object', properties: { id: { type: 'integer', 'x-nullable': true } } } },
};

test('forms and files of Swagger 2 arrive', async () => {
  const api = await openApi(old, { server: server.url });
  await api.call('form', { body: { a: 'x', b: ['1', '2'], c: ['1', '2'] } });
  expect(server.arrived.at(-1)?.body.toString()).toBe('a=x&b=1,2&c=1&c=2');
  await api.call('file', { body: { note: 'n', file: 'art_1' } }, { readArtifact });
  expect(await fieldsOf(server.arrived.at(-1) as Arrived)).toMatchObject({
    note: ['n'],
    file: [['art_1', 'image/png', picture]],
  });
  await api.close();
});

test('a body of Swagger 2 arrives, and its x-nullable properties may be null', async () => {
  const api = await openApi(old, { server: server.url });
  await api.call('body', { body: { id: null } });
  expect(server.arrived.at(-1)?.body.toString()).toBe('{"id":null}');
  expect(api.tool('body').inputSchema).toMatchObject({
    required: ['body'],
    properties: { body: { properties: { id: { type: ['integer', 'null'] } } } },
  });
  await api.close();
});
