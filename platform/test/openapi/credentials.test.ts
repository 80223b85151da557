import type { JsonObject } from '@batuta/contract';
import { afterEach, expect, test } from 'vitest';
import type { ApiSettings, Credential, OauthCredential } from '../../src/adapter/openapi/api-settings.ts';
import { documentOf, openApi, startApi, type ApiServer, type OpenApi, type Reply } from './api-kit.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

const secrets: Record<string, string> = {
  key: 'k-1234 56&',
  token: 't-123456',
  password: 'p-123456',
  client: 'c-123456',
};
const secret = async (name: string) => secrets[name] ?? '';

interface Guarded {
  api: OpenApi;
  server: ApiServer;
}

/** An API with one guarded operation. */
async function guarded(
  schemes: JsonObject,
  auth: Record<string, Credential>,
  more: {
    security?: JsonObject[];
    answer?: (target: string, authorization: string) => Reply;
    settings?: Partial<ApiSettings>;
  } = {},
): Promise<Guarded> {
  const { security = Object.keys(schemes).map((name) => ({ [name]: [] })), answer } = more;
  const server = await startApi(
    ({ target, headers }) => answer?.(target, headers.authorization ?? '') ?? { body: {} },
  );
  const components = { components: { securitySchemes: schemes } };
  const api = await openApi(documentOf({ security }, components), {
    server: server.url,
    auth,
    ...more.settings,
  });
  open.push(server, api);
  return { api, server };
}

const key: Credential = { type: 'api_key', key: 'secret://key' };

test.each<[JsonObject, Credential, (server: ApiServer) => unknown, unknown]>([
  [
    { type: 'apiKey', in: 'header', name: 'X-Key' },
    key,
    ({ arrived }) => arrived[0]?.headers['x-key'],
    secrets['key'],
  ],
  [
    { type: 'apiKey', in: 'query', name: 'api key' },
    key,
    ({ arrived }) => arrived[0]?.target,
    '/things?api%20key=k-1234%2056%26',
  ],
  [
    { type: 'apiKey', in: 'cookie', name: 'sid' },
    key,
    ({ arrived }) => arrived[0]?.headers.cookie,
    'sid=k-1234%2056%26',
  ],
  [
    { type: 'http', scheme: 'bearer' },
    { type: 'bearer', token: 'secret://token' },
    ({ arrived }) => arrived[0]?.headers.authorization,
    'Bearer t-123456',
  ],
  [
    { type: 'http', scheme: 'basic' },
    { type: 'basic', username: 'ana', password: 'secret://password' },
    ({ arrived }) => arrived[0]?.headers.authorization,
    `Basic ${Buffer.from('ana:p-123456').toString('base64')}`,
  ],
])(
  'the scheme %j sends its secret, which no answer, log or tool tells',
  async (...[scheme, credential, arrives, wanted]) => {
    const { api, server } = await guarded(
      { own: scheme },
      { own: credential },
      { answer: (...told) => ({ body: { told, all: Object.values(secrets) } }) },
    );
    const output = await api.call('call', {}, { secret });
    expect(arrives(server)).toEqual(wanted);
    const seen = JSON.stringify([output, api.tool('call').inputSchema, api.source.status(), api.log.lines]);
    for (const value of [secrets[credential.type === 'api_key' ? 'key' : ''] ?? wanted])
      expect(seen).not.toContain(value);
  },
);

test('a tool declares just the secrets that its operation needs', async () => {
  const schemes = { a: { type: 'apiKey', in: 'header', name: 'a' }, b: { type: 'http', scheme: 'bearer' } };
  const auth: Record<string, Credential> = { a: key, b: { type: 'bearer', token: 'secret://token' } };
  const { api } = await guarded(schemes, auth, { security: [{ b: [] }] });
  expect(api.tool('call').secrets).toEqual(['token']);
});

test('the first alternative that is configured is used, and schemes that are needed together together', async () => {
  const schemes = {
    a: { type: 'apiKey', in: 'header', name: 'a' },
    b: { type: 'apiKey', in: 'header', name: 'b' },
    c: { type: 'apiKey', in: 'header', name: 'c' },
  };
  const { api, server } = await guarded(
    schemes,
    { b: key, c: key },
    { security: [{ a: [] }, { b: [], c: [] }, {}] },
  );
  await api.call('call', {}, { secret });
  expect(server.arrived[0]?.headers).toMatchObject({ b: secrets['key'], c: secrets['key'] });
});

test('a key that the document also declares as a parameter is no argument', async () => {
  const server = await startApi();
  const parameters = ['apikey', 'q'].map((name) => ({
    name,
    in: 'query',
    required: true,
    schema: { type: 'string' },
  }));
  const schemes = { own: { type: 'apiKey', in: 'query', name: 'apikey' } };
  const document = documentOf(
    { parameters, security: [{ own: [] }] },
    { components: { securitySchemes: schemes } },
  );
  const api = await openApi(document, { server: server.url, auth: { own: key } });
  open.push(server, api);
  expect(api.tool('call').inputSchema).toMatchObject({ properties: { q: {} }, required: ['q'] });
  expect(api.tool('call').inputSchema['properties']).not.toHaveProperty('apikey');
  await api.call('call', { q: 'a', apikey: 'guessed' }, { secret });
  expect(server.arrived[0]?.target).toBe('/things?q=a&apikey=k-1234%2056%26');
});

test('a key that the document does not know is sent with every call', async () => {
  const { api, server } = await guarded({}, { own: { ...key, in: 'header', name: 'X-Own' } });
  await api.call('call', {}, { secret });
  expect(server.arrived[0]?.headers['x-own']).toBe(secrets['key']);
});

test.each<[JsonObject, Credential, string]>([
  [
    { other: { type: 'http', scheme: 'basic' } },
    key,
    'the document has no such scheme (the document knows other)',
  ],
  [{ own: { type: 'http', scheme: 'basic' } }, key, 'the scheme of the document needs type basic'],
  [{ own: { type: 'mutualTLS' } }, key, 'the scheme cannot be used'],
])('a credential that does not fit %j is a problem of the source', async (schemes, credential, reason) => {
  const { api } = await guarded(schemes, { own: credential });
  expect(api.source.status().problems.map(String).join()).toContain(
    `openapi.apis.api.auth.own of batuta.yaml: ${reason}`,
  );
});

const oauth: OauthCredential = {
  type: 'oauth2',
  flow: 'client_credentials',
  client_id: 'batuta',
  client_secret: 'secret://client',
  scopes: ['read', 'write'],
  client_authentication: 'header',
};

/** An API whose tokens count up; those in `refused` are not taken. */
async function withTokens(
  refused: readonly string[],
  credential: Partial<OauthCredential> = {},
  expiresIn = 3_600,
) {
  let issued = 0;
  const answer = (target: string, authorization: string): Reply => {
    if (target !== '/token')
      return { status: refused.includes(authorization) ? 401 : 200, body: { authorization } };
    issued += 1;
    return { body: { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: expiresIn } };
  };
  const server = await startApi(({ target, headers }) => answer(target, headers.authorization ?? ''));
  const flows = { clientCredentials: { tokenUrl: `${server.url}/token`, scopes: {} } };
  const components = { components: { securitySchemes: { own: { type: 'oauth2', flows } } } };
  const auth = { own: { ...oauth, ...credential } };
  const api = await openApi(documentOf({ security: [{ own: [] }] }, components), {
    server: server.url,
    auth,
    cache: false,
  });
  open.push(server, api);
  const tokenRequests = () => server.arrived.filter(({ target }) => target === '/token');
  return { api, server, tokenRequests };
}

test('a token is asked for once by all calls that need it at once, and kept', async () => {
  const { api, server, tokenRequests } = await withTokens([]);
  await Promise.all(Array.from({ length: 10 }, () => api.call('call', {}, { secret })));
  await api.call('call', {}, { secret });
  expect(tokenRequests()).toHaveLength(1);
  const [request] = tokenRequests();
  expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('batuta:c-123456').toString('base64')}`);
  expect(request?.body.toString()).toBe('grant_type=client_credentials&scope=read%20write');
  expect(server.arrived.at(-1)?.headers.authorization).toBe('Bearer token-1');
});

test('a token that is refused is renewed once, and the call sent again', async () => {
  const { api, tokenRequests } = await withTokens(['Bearer token-1']);
  const outputs = await Promise.all(Array.from({ length: 5 }, () => api.call('call', {}, { secret })));
  expect(outputs.map(({ failed }) => failed ?? false)).not.toContain(true);
  expect(tokenRequests()).toHaveLength(2);
});

test('a token that stays refused is not asked for for ever', async () => {
  const { api, tokenRequests } = await withTokens(['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
  expect(await api.call('call', {}, { secret })).toMatchObject({
    failed: true,
    text: expect.stringContaining('401'),
  });
  expect(tokenRequests()).toHaveLength(2);
});

test('a token that is about to end is renewed before', async () => {
  const { api, tokenRequests } = await withTokens([], {}, 10);
  await api.call('call', {}, { secret });
  await api.call('call', {}, { secret });
  expect(tokenRequests()).toHaveLength(2);
});

test('tokens of tenants are kept apart, and credentials can stand in the body', async () => {
  const { api, tokenRequests } = await withTokens([], { client_authentication: 'body' });
  await api.call('call', {}, { secret, tenantId: 'a' });
  await api.call('call', {}, { secret, tenantId: 'b' });
  expect(tokenRequests().map(({ body }) => body.toString())).toEqual(
    Array.from(
      { length: 2 },
      () => 'grant_type=client_credentials&scope=read%20write&client_id=batuta&client_secret=c-123456',
    ),
  );
});

test('a token server that refuses is told without what was sent to it', async () => {
  const body = { error: 'invalid_client', error_description: 'c-123456 is wrong' };
  const server = await startApi(() => ({ status: 401, body }));
  const flows = { clientCredentials: { tokenUrl: `${server.url}/token`, scopes: {} } };
  const document = documentOf(
    { security: [{ own: [] }] },
    { components: { securitySchemes: { own: { type: 'oauth2', flows } } } },
  );
  const api = await openApi(document, { server: server.url, auth: { own: oauth } });
  open.push(server, api);
  const output = await api.call('call', {}, { secret });
  expect(output.text).toContain('401 invalid_client');
  expect(output.text).not.toContain('c-123456');
});
