import type { JsonObject, JsonValue } from '@batuta/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentOf, openApi, startApi, type ApiServer } from './api-kit.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await startApi();
});
afterAll(() => server.close());

const list: JsonValue = ['blue', 'black', 'a b'];
const object: JsonValue = { R: 100, G: 'x&y' };

/** Sends one parameter and gives the target as it arrived. */
async function sent(parameter: JsonObject, value: JsonValue, route = '/things'): Promise<string> {
  const document = documentOf({ parameters: [{ name: 'color', ...parameter }] }, { route });
  const api = await openApi(document, { server: `${server.url}/v1` });
  try {
    const output = await api.call('call', { color: value });
    expect(output).not.toHaveProperty('failed');
    return server.arrived.at(-1)?.target ?? '';
  } finally {
    await api.close();
  }
}

const schema = { type: 'string' };

test.each([
  ['form', true, 'blue', 'color=blue'],
  ['form', true, '', 'color='],
  ['form', true, 7.5, 'color=7.5'],
  ['form', true, false, 'color=false'],
  ['form', true, 'a&b=ç/?#+', 'color=a%26b%3D%C3%A7%2F%3F%23%2B'],
  ['form', true, list, 'color=blue&color=black&color=a%20b'],
  ['form', false, list, 'color=blue,black,a%20b'],
  ['form', true, object, 'R=100&G=x%26y'],
  ['form', false, object, 'color=R,100,G,x%26y'],
  ['spaceDelimited', false, list, 'color=blue%20black%20a%20b'],
  ['spaceDelimited', true, list, 'color=blue&color=black&color=a%20b'],
  ['spaceDelimited', false, object, 'color=R%20100%20G%20x%26y'],
  ['pipeDelimited', false, list, 'color=blue%7Cblack%7Ca%20b'],
  ['pipeDelimited', false, object, 'color=R%7C100%7CG%7Cx%26y'],
  ['deepObject', true, object, 'color%5BR%5D=100&color%5BG%5D=x%26y'],
  ['deepObject', true, { a: { b: [1, 2] } }, 'color%5Ba%5D%5Bb%5D%5B%5D=1&color%5Ba%5D%5Bb%5D%5B%5D=2'],
])(
  'a query parameter in style %s, explode %s, of %j arrives as %s',
  async (...[style, explode, value, wanted]) => {
    expect(await sent({ in: 'query', style, explode, schema: {} }, value)).toBe(`/v1/things?${wanted}`);
  },
);

test.each([
  ['simple', false, 'a/b', 'a%2Fb'],
  ['simple', false, list, 'blue,black,a%20b'],
  ['simple', true, list, 'blue,black,a%20b'],
  ['simple', false, object, 'R,100,G,x%26y'],
  ['simple', true, object, 'R=100,G=x%26y'],
  ['label', false, 'blue', '.blue'],
  ['label', false, list, '.blue,black,a%20b'],
  ['label', true, list, '.blue.black.a%20b'],
  ['label', false, object, '.R,100,G,x%26y'],
  ['label', true, object, '.R=100.G=x%26y'],
  ['matrix', false, 'blue', ';color=blue'],
  ['matrix', false, '', ';color'],
  ['matrix', false, list, ';color=blue,black,a%20b'],
  ['matrix', true, list, ';color=blue;color=black;color=a%20b'],
  ['matrix', false, object, ';color=R,100,G,x%26y'],
  ['matrix', true, object, ';R=100;G=x%26y'],
])(
  'a path parameter in style %s, explode %s, of %j arrives as %s',
  async (...[style, explode, value, wanted]) => {
    const parameter = { in: 'path', required: true, style, explode, schema: {} };
    expect(await sent(parameter, value, '/things/{color}/x')).toBe(`/v1/things/${wanted}/x`);
  },
);

test.each(['..', '.', ''])('a path variable %j is refused before anything is sent', async (value) => {
  const parameters = [{ name: 'id', in: 'path', required: true, schema }];
  const api = await openApi(documentOf({ parameters }, { route: '/things/{id}' }), { server: server.url });
  const before = server.arrived.length;
  const output = await api.call('call', { id: value });
  expect(output).toMatchObject({ failed: true, text: expect.stringContaining('"id" must not be') });
  expect(server.arrived.length).toBe(before);
  await api.close();
});

test.each([
  [false, 'blue', 'blue'],
  [false, list, 'blue,black,a b'],
  [false, object, 'R,100,G,x&y'],
  [true, object, 'R=100,G=x&y'],
])('a header, explode %s, of %j arrives as %s', async (explode, value, wanted) => {
  await sent({ in: 'header', explode, schema: {} }, value);
  expect(server.arrived.at(-1)?.headers['color']).toBe(wanted);
});

test('a header that would be two lines is refused', async () => {
  const api = await openApi(documentOf({ parameters: [{ name: 'x-note', in: 'header', schema }] }), {
    server: server.url,
  });
  const output = await api.call('call', { 'x-note': 'a\r\nx-admin: 1' });
  expect(output).toMatchObject({ failed: true, text: expect.stringContaining('one line') });
  await api.close();
});

test.each([
  [true, 'a b;c', 'color=a%20b%3Bc'],
  [false, list, 'color=blue,black,a%20b'],
  [true, object, 'R=100; G=x%26y'],
])('a cookie, explode %s, of %j arrives as %s', async (explode, value, wanted) => {
  await sent({ in: 'cookie', explode, schema: {} }, value);
  expect(server.arrived.at(-1)?.headers['cookie']).toBe(wanted);
});

test('a parameter with content is JSON, and reserved characters stay where they are allowed', async () => {
  const content = { 'application/json': { schema: { type: 'object' } } };
  expect(await sent({ in: 'query', content }, { a: 1 })).toBe('/v1/things?color=%7B%22a%22%3A1%7D');
  expect(await sent({ in: 'query', allowReserved: true, schema }, 'a/b:c&d#e')).toBe(
    '/v1/things?color=a/b:c%26d%23e',
  );
});

test.each([
  ['csv', 'color=blue,black,a%20b'],
  ['ssv', 'color=blue%20black%20a%20b'],
  ['tsv', 'color=blue%09black%09a%20b'],
  ['pipes', 'color=blue%7Cblack%7Ca%20b'],
  ['multi', 'color=blue&color=black&color=a%20b'],
])('a list of Swagger 2 in collectionFormat %s arrives as %s', async (collectionFormat, wanted) => {
  const parameter = {
    name: 'color',
    in: 'query',
    type: 'array',
    items: { type: 'string' },
    collectionFormat,
  };
  const document = {
    swagger: '2.0',
    info: { title: 'Old', version: '1' },
    paths: { '/things': { get: { operationId: 'call', parameters: [parameter], responses: {} } } },
  };
  const api = await openApi(document, { server: server.url });
  await api.call('call', { color: list });
  expect(server.arrived.at(-1)?.target).toBe(`/things?${wanted}`);
  await api.close();
});
