import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { makeTestVault } from '@batuta/testkit/vault';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import type { SecretVault } from '../../src/application/secret/secret-vault.ts';
import { makeApiConsents } from '../../src/composition/make-api-consents.ts';
import type { Configuration } from '../../src/domain/configuration/settings.ts';
import { apiDeclarationSchema } from '../../src/domain/openapi/api-declaration.ts';
import type { ConsentService } from '../../src/port/consent-service.ts';
import { makeEntry } from '../conformance/audit.ts';
import { consent } from '../tool-server/open-consents.ts';
import {
  documentOf,
  openApi,
  recordingLog,
  startApi,
  type ApiServer,
  type Arrived,
  type OpenApi,
  type Reply,
} from './api-kit.ts';

const ana = { tenantId: 'main', userId: 'usr_ana' };
const bob = { tenantId: 'main', userId: 'usr_bob' };

/** A service with a page of consent, a token server that gives each refresh token once, and an API behind it. */
class Service {
  issued = 0;
  live = new Set<string>();
  readonly tokenForms: URLSearchParams[] = [];

  answer = ({ target, headers, body }: Arrived): Reply => {
    const url = new URL(target, 'http://service');
    if (url.pathname === '/authorize') return this.#consented(url.searchParams);
    if (url.pathname === '/token') return this.#token(new URLSearchParams(body.toString()));
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    return this.live.has(token) ? { body: { token } } : { status: 401, body: { error: 'invalid_token' } };
  };

  #consented(query: URLSearchParams): Reply {
    const location = new URL(query.get('redirect_uri') ?? '');
    location.searchParams.set('code', `code for ${query.get('scope')}`);
    location.searchParams.set('state', query.get('state') ?? '');
    return { status: 302, headers: { location: location.href } };
  }

  #token(form: URLSearchParams): Reply {
    this.tokenForms.push(form);
    this.issued += 1;
    const token = `token-${this.issued}`;
    this.live.add(token);
    return {
      body: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: 3_600,
        refresh_token: `refresh-${this.issued}`,
      },
    };
  }
}

let service: Service;
let server: ApiServer;
let stores: FreshDatabase;
let vault: SecretVault;
let consents: ConsentService;
let api: OpenApi;

function declared(change: object = {}) {
  const flow = { type: 'oauth2', flow: 'authorization_code', client_id: 'batuta', scopes: ['read'] };
  const urls = { authorization_url: `${server.url}/authorize`, token_url: `${server.url}/token` };
  return { document: 'api.json', auth: { own: { ...flow, ...urls, ...change } } };
}

beforeEach(async () => {
  service = new Service();
  server = await startApi(service.answer);
  stores = await freshDatabase('pglite');
  await stores.access.ensureTenant('main', 'main');
  for (const { tenantId, userId: id } of [ana, bob]) {
    const user = { id, tenantId, email: null, name: id, role: 'member' as const, identity: null };
    await stores.users.add(user, makeEntry({ action: 'user-created' }));
  }
  ({ vault } = makeTestVault(stores, { clock: systemClock, log: recordingLog() }));
  const declaration = apiDeclarationSchema.parse(declared());
  const configuration = {
    openapi: { allowPrivate: [server.host] },
    server: { publicUrl: 'http://localhost:3000', port: 3000 },
  } as unknown as Configuration;
  const made = makeApiConsents('billing', declaration, {
    configuration,
    grants: stores.grants,
    secrets: vault,
    log: recordingLog(),
  });
  if (!made) throw new Error('no consents were made');
  consents = made;
  const schemes = { own: { type: 'oauth2', flows: {} } };
  const document = documentOf({ security: [{ own: [] }] }, { components: { securitySchemes: schemes } });
  const settings = { name: 'billing', server: server.url, auth: declaration.auth ?? {}, cache: false };
  api = await openApi(document, settings, { consentsOf: () => consents });
});
afterEach(async () => {
  await api.close();
  await server.close();
  stores.release();
});

test('a call waits for the consent of its person, with a link, and then has their token', async () => {
  const tool = api.tool('call');
  const needed = await tool.authorization?.(ana);
  expect(needed?.server).toBe('openapi:billing');
  expect(Object.fromEntries(new URL(needed?.url ?? '').searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'batuta',
    code_challenge_method: 'S256',
    redirect_uri: 'http://localhost:3000/authorizations/callback',
    scope: 'read',
  });
  await consent(consents, { stores, vault }, ana);
  expect(await tool.authorization?.(ana)).toBeNull();
  expect(await tool.authorization?.(bob)).not.toBeNull();
  expect(await api.call('call', {}, ana)).toEqual({ text: 'status: 200\n\n{"token":"[secret]"}' });
  expect(server.arrived.at(-1)?.headers.authorization).toBe('Bearer token-1');
});

test('without consent nothing is called', async () => {
  await expect(api.call('call', {}, bob)).rejects.toMatchObject({ code: 'authorization-needed' });
  expect(server.arrived).toEqual([]);
});

test('a token that is refused is renewed once by all calls that it was refused to, and they are sent again', async () => {
  await consent(consents, { stores, vault }, ana);
  service.live.clear();
  const outputs = await Promise.all(Array.from({ length: 6 }, () => api.call('call', {}, ana)));
  expect(outputs.map(({ failed }) => failed ?? false)).toEqual(Array.from({ length: 6 }, () => false));
  expect(service.tokenForms.map((form) => [form.get('grant_type'), form.get('refresh_token')])).toEqual([
    ['authorization_code', null],
    ['refresh_token', 'refresh-1'],
  ]);
});

test.each([
  [{ token_url: undefined }, 'is needed for the flow authorization_code'],
  [{ client_id: 'secret://id' }, 'is seen by browsers, so it is no secret'],
])('the settings %j are refused', (change, message) => {
  const parsed = apiDeclarationSchema.safeParse(declared(change));
  expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([message]);
});
