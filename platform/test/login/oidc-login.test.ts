import { startTestPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { JoseVerifier } from '../../src/adapter/jwt-jose/jose-verifier.ts';
import { OidcLogin } from '../../src/adapter/login-oidc/oidc-login.ts';
import { issuerSchema } from '../../src/domain/identity/issuer.ts';
import { createHttpApp } from '../../src/interface/http/create-http-app.ts';
import { startHttpServer, type HttpServer } from '../../src/interface/http/start-http-server.ts';
import { MemoryLog, testSettings } from '../http/open-door.ts';
import { Browser } from './browser.ts';
import { startIdentityProvider, type IdentityProvider } from './identity-provider.ts';

const log = new MemoryLog();
let provider: IdentityProvider;
let platform: TestPlatform;
let server: HttpServer;
let browser: Browser;
let callback: string;

beforeAll(async () => {
  const uris: string[] = [];
  // Its port is known before the provider must know it.
  const holder: { app?: ReturnType<typeof createHttpApp> } = {};
  const app = {
    fetch: (...request: Parameters<ReturnType<typeof createHttpApp>['fetch']>) =>
      holder.app?.fetch(...request) ?? new Response(),
    streamCount: 0,
    stop: () => holder.app?.stop(),
  };
  server = await startHttpServer({ app, host: '127.0.0.1', port: 0, log, clock: systemClock });
  callback = `${server.url}/login/oidc/callback`;
  uris.push(callback);
  provider = await startIdentityProvider(() => uris);
  const { address: issuer, clientId, clientSecret } = provider;
  const accepted = issuerSchema.parse({
    issuer,
    audience: 'batuta',
    default_role: 'operator',
    create_users: true,
  });
  const verifier = new JoseVerifier({ issuers: [accepted], clock: systemClock, log });
  const login = new OidcLogin({
    endsSessions: true,
    issuer,
    clientId,
    clientSecret,
    scopes: ['profile', 'email'],
    log,
  });
  platform = await startTestPlatform({ signIn: { issuers: [accepted], verifier, login, clientId } });
  const { application } = platform;
  holder.app = createHttpApp({ application, settings: testSettings, log, clock: systemClock });
});
afterAll(async () => {
  await server.stop(0);
  await provider.close();
  await platform.stop(0);
  platform.stores.release();
});
beforeEach(() => {
  browser = new Browser();
});

/** Goes to the provider and back; the address at which the browser would return. */
async function comeBack(who = browser, start = '/login/oidc'): Promise<string> {
  return who.until(callback, `${server.url}${start}`);
}

async function refusal(answer: Response): Promise<string> {
  return `${answer.status} ${(await answer.text()).includes('Sign-in failed') ? 'login-failed' : 'other'}`;
}

describe('signing in at an identity provider', () => {
  it('signs the browser in as the person, who is known from then on', async () => {
    const answer = await browser.go(await comeBack(browser, '/login/oidc?return_to=/reference'));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('content="0;url=/reference"');
    const me = await browser.go(`${server.url}/v1/me`);
    expect(await me.json()).toMatchObject({
      tenant_id: 'alpha',
      name: expect.any(String),
      role: 'operator',
      key_id: null,
    });
    const { items } = await platform.application.users.list(platform.identity, { limit: 9 });
    expect(items).toMatchObject([
      { role: 'operator', identity: { issuer: provider.address, subject: 'ana' } },
    ]);
  });

  it('leaves nothing with the browser but what scripts cannot read and other sites cannot use', async () => {
    const gone = await browser.go(`${server.url}/login/oidc`);
    expect(gone.headers.getSetCookie().join()).toMatch(
      /^batuta_login=[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
    );
    const back = await browser.go(await browser.until(callback, gone.headers.get('location') ?? ''));
    const [removed = '', session = ''] = back.headers.getSetCookie();
    expect(removed).toContain('batuta_login=; Path=/; Max-Age=0');
    expect(session).toMatch(
      /^batuta_session=bts_[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    const token = browser.cookies(server.url).get('batuta_session') ?? '';
    const stored = await platform.stores.engine.administer(async (client) =>
      client.query('select * from batuta.browser_sessions'),
    );
    expect(JSON.stringify(stored.rows)).not.toContain(token.slice(4));
  });

  it('marks cookies as secure behind https, under a name that no other host can set', async () => {
    const headers = { 'x-forwarded-proto': 'https' };
    const { headers: got } = await browser.go(`${server.url}/login/oidc`, { headers });
    expect(got.get('set-cookie')).toMatch(/^__Host-batuta_login=.*; SameSite=Lax; Secure$/);
    expect(new URL(got.get('location') ?? '').searchParams.get('redirect_uri')).toBe(
      callback.replace('http:', 'https:'),
    );
  });

  it('sends what PKCE, state and nonce need, each new every time', async () => {
    const asked = await Promise.all([1, 2].map(() => new Browser().go(`${server.url}/login/oidc`)));
    const queries = asked.map((each) => new URL(each.headers.get('location') ?? '').searchParams);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const [one, two] = queries.map((query) => query.get(name) ?? '');
      expect(one?.length).toBeGreaterThan(20);
      expect(one).not.toBe(two);
    }
    expect(queries[0]?.get('code_challenge_method')).toBe('S256');
  });

  it('ends with signing out: what the browser kept is worth nothing then', async () => {
    await browser.go(await comeBack());
    const token = browser.cookies(server.url).get('batuta_session') ?? '';
    const out = await browser.go(`${server.url}/logout`, { method: 'POST', headers: { origin: server.url } });
    expect(out.status).toBe(200);
    expect(out.headers.get('cache-control')).toBe('no-store');
    expect(browser.cookies(server.url).has('batuta_session')).toBe(false);
    const headers = { cookie: `batuta_session=${token}` };
    expect((await fetch(`${server.url}/v1/me`, { headers })).status).toBe(401);
  });

  /** Signs out here; the address at the provider to which the page sends the browser. */
  async function signOut(): Promise<URL> {
    const out = await browser.go(`${server.url}/logout`, { method: 'POST', headers: { origin: server.url } });
    const [, address = ''] = /content="0;url=([^"]+)"/.exec(await out.text()) ?? [];
    return new URL(address.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))));
  }

  /** Whether the provider asks who comes, or knows. */
  async function mustSignIn(): Promise<boolean> {
    let address = `${server.url}/login/oidc`;
    for (;;) {
      if (address.startsWith(callback)) return false;
      const answer = await browser.go(address);
      const location = answer.headers.get('location');
      if (location === null) return (await answer.text()).includes('name="login"');
      address = new URL(location, address).href;
    }
  }

  it('ends at the provider, too, which sends the browser back and asks who comes next time', async () => {
    await browser.go(await comeBack());
    expect(await mustSignIn()).toBe(false);
    const address = await signOut();
    expect(address.href).toMatch(`${provider.address}/session/end?`);
    expect(Object.fromEntries(address.searchParams)).toEqual({
      client_id: provider.clientId,
      id_token_hint: expect.stringMatching(/^eyJ/),
      post_logout_redirect_uri: `${server.url}/`,
    });
    await browser.until(`${server.url}/`, address.href);
    expect(await mustSignIn()).toBe(true);
  });

  it('keeps what the provider is shown where only the browser can read it', async () => {
    await browser.go(await comeBack());
    const { rows } = await platform.stores.engine.administer(async (client) =>
      client.query('select logout_hint from batuta.browser_sessions'),
    );
    const hint = (await signOut()).searchParams.get('id_token_hint') ?? '';
    const [header = ''] = hint.split('.');
    expect(JSON.stringify(rows)).not.toContain(header);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(hint).toString('base64').slice(0, 40));
  });

  it('cannot be ended by the page of another site', async () => {
    await browser.go(await comeBack());
    const headers = { origin: 'https://evil.example' };
    expect((await browser.go(`${server.url}/logout`, { method: 'POST', headers })).status).toBe(403);
    expect((await browser.go(`${server.url}/v1/me`)).status).toBe(200);
  });
});

describe('nobody is signed in', () => {
  it('by the return of another browser: its state is not theirs', async () => {
    const attacker = new Browser();
    const stolen = await comeBack(attacker);
    expect(await refusal(await browser.go(stolen))).toBe('401 login-failed');
    await browser.go(`${server.url}/login/oidc`);
    expect(await refusal(await browser.go(stolen))).toBe('401 login-failed');
    expect(browser.cookies(server.url).has('batuta_session')).toBe(false);
  });

  it('by a code that was used', async () => {
    const kept = new Map<string, string>();
    const returned = await comeBack();
    for (const [name, value] of browser.cookies(server.url)) kept.set(name, value);
    expect((await browser.go(returned)).status).toBe(200);
    const replaying = new Browser();
    for (const [name, value] of kept) replaying.cookies(server.url).set(name, value);
    expect(await refusal(await replaying.go(returned))).toBe('401 login-failed');
  });

  it('with a state that was changed or is missing', async () => {
    for (const change of ['changed', null]) {
      const returned = new URL(await comeBack(new Browser()));
      if (change === null) returned.searchParams.delete('state');
      else returned.searchParams.set('state', change);
      expect(await refusal(await browser.go(returned.href))).toBe('401 login-failed');
    }
  });

  function tampered(change: (flow: Record<string, string>) => object): void {
    const jar = browser.cookies(server.url);
    const flow = JSON.parse(Buffer.from(jar.get('batuta_login') ?? '', 'base64url').toString()) as Record<
      string,
      string
    >;
    jar.set('batuta_login', Buffer.from(JSON.stringify(change(flow))).toString('base64url'));
  }

  it.each([
    ['another nonce', { nonce: 'another' }],
    ['another verifier', { verifier: 'v'.repeat(43) }],
    ['no nonce', { nonce: undefined }],
  ])('with %s than the browser was sent away with', async (...[, change]) => {
    const returned = await comeBack();
    tampered((flow) => ({ ...flow, ...change }));
    expect(await refusal(await browser.go(returned))).toBe('401 login-failed');
  });

  it('when the person, or the provider, says no', async () => {
    await browser.go(`${server.url}/login/oidc`);
    const flow = JSON.parse(
      Buffer.from(browser.cookies(server.url).get('batuta_login') ?? '', 'base64url').toString(),
    );
    const query = new URLSearchParams({ error: 'access_denied', state: flow.state, iss: provider.address });
    expect(await refusal(await browser.go(`${callback}?${query}`))).toBe('401 login-failed');
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/a\nb', 'javascript:alert(1)'])(
    'and sent elsewhere: %s',
    async (elsewhere) => {
      const start = `/login/oidc?return_to=${encodeURIComponent(elsewhere)}`;
      const page = await (await browser.go(await comeBack(browser, start))).text();
      expect(page).toContain('content="0;url=/"');
      expect(page).not.toContain('evil');
    },
  );

  it('and sent elsewhere by what was slipped into the cookie', async () => {
    const returned = await comeBack();
    tampered((flow) => ({ ...flow, returnTo: '//evil.example' }));
    expect(await (await browser.go(returned)).text()).not.toContain('evil');
  });
});
