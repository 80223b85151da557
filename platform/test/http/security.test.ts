import { describe, expect, test } from 'vitest';
import { fakeIds, fakeKeys } from './fake-application.ts';
import { openDoor } from './open-door.ts';

const cookie = `theme=dark; batuta_session=${fakeKeys.login}`;
const allowedOrigin = 'https://app.example';

describe('Host', () => {
  test.each([
    '127.0.0.1:3000',
    'localhost:9999',
    '[::1]:3000',
    'a.localhost',
    'BATUTA.example',
    'with-port.example:8443',
  ])('lets in %s', async (host) => {
    expect((await openDoor().request('/health', { headers: { host } })).status).toBe(200);
  });

  test.each([
    'evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.5:3000',
    'localhost.evil.example',
    'with-port.example',
    '',
  ])('keeps out "%s"', async (host) => {
    expect((await openDoor().request('/health', { headers: { host } })).status).toBe(403);
  });

  test('lets in any address, but no unknown name, where the server listens on all', async () => {
    const door = openDoor({ host: '0.0.0.0' });
    expect((await door.request('/health', { headers: { host: '10.0.0.5:3000' } })).status).toBe(200);
    expect((await door.request('/health', { headers: { host: '[fd00::1]:3000' } })).status).toBe(200);
    expect((await door.request('/health', { headers: { host: 'evil.example' } })).status).toBe(403);
  });

  test('lets in everything where the configuration says so', async () => {
    const door = openDoor({ allowedHosts: ['*'] });
    expect((await door.request('/health', { headers: { host: 'any.example' } })).status).toBe(200);
  });
});

describe('Origin', () => {
  test('an allowed origin may call with a key and read the answer, but never with a cookie', async () => {
    const headers = { origin: allowedOrigin };
    const answer = await openDoor().request('/v1/runs', { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowedOrigin);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('vary')).toBe('Origin');
    expect(
      (await openDoor().request('/v1/runs', { key: null, headers: { ...headers, cookie } })).status,
    ).toBe(403);
  });

  test('errors can be read by an allowed origin too', async () => {
    const answer = await openDoor().request('/v1/runs', { key: null, headers: { origin: allowedOrigin } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowedOrigin);
  });

  test('a preflight of an allowed origin names what is possible', async () => {
    const headers = { origin: allowedOrigin, 'access-control-request-method': 'POST' };
    const answer = await openDoor().request('/v1/runs', { method: 'OPTIONS', key: null, headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-headers')).toContain('idempotency-key');
  });

  test.each(['https://evil.example', 'null', 'http://localhost:3000', 'file://'])(
    'keeps out %s',
    async (origin) => {
      const answer = await openDoor().request('/v1/runs', {
        method: 'OPTIONS',
        key: null,
        headers: { origin },
      });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('without an origin there are no CORS headers', async () => {
    expect((await openDoor().request('/v1/runs')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('login cookie', () => {
  const sameOrigin = 'http://127.0.0.1:3000';
  const path = `/v1/runs/${fakeIds.run}/cancel`;

  test('the login link is exchanged for a cookie that scripts and other sites cannot use', async () => {
    const answer = await openDoor().request('/login?token=good', { key: null });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    expect(answer.headers.get('set-cookie')).toBe(
      `batuta_session=${fakeKeys.login}; Path=/; Max-Age=86400; HttpOnly; SameSite=Strict`,
    );
  });

  test('behind TLS the cookie is never sent without it', async () => {
    const answer = await openDoor().request('/login?token=good', {
      key: null,
      headers: { 'x-forwarded-proto': 'https, http' },
    });
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
  });

  test.each(['/login', '/login?token=', '/login?token=bad'])('%s signs nobody in', async (link) => {
    const answer = await openDoor().request(link, { key: null });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test('a preview of the login link does not use it up', async () => {
    const answer = await openDoor().request('/login?token=good', { method: 'HEAD', key: null });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test('reads with the cookie, and writes from a page of this origin', async () => {
    const door = openDoor();
    expect((await door.request('/v1/runs', { key: null, headers: { cookie } })).status).toBe(200);
    const headers = { cookie, origin: sameOrigin };
    expect((await door.request(path, { method: 'POST', json: {}, key: null, headers })).status).toBe(200);
  });

  test.each([{}, { origin: 'http://127.0.0.1:5173' }, { origin: allowedOrigin }])(
    'does not write with the cookie and %o',
    async (headers) => {
      const request = { method: 'POST', json: {}, key: null, headers: { cookie, ...headers } };
      expect((await openDoor().request(path, request)).status).toBe(403);
    },
  );

  test('does not read with the cookie for a page of another origin that sends no Origin', async () => {
    const headers = { cookie, 'sec-fetch-site': 'same-site' };
    expect((await openDoor().request('/v1/runs', { key: null, headers })).status).toBe(403);
  });

  test('a key wins over the cookie', async () => {
    expect((await openDoor().request('/v1/runs', { key: 'btk_wrong', headers: { cookie } })).status).toBe(
      401,
    );
  });
});

test.each(['/v1/runs', '/v1/nonsense', '/health', '/', '/openapi.json'])(
  '%s has the security headers',
  async (path) => {
    const { headers } = await openDoor().request(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe(
      path.startsWith('/v1') || path === '/health' ? 'no-store' : 'no-cache',
    );
  },
);
