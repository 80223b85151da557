import { expect, test } from 'vitest';
import { fakeKeys } from './fake-application.ts';
import { openDoor } from './open-door.ts';

test.each(['/', '/reference'])(
  '%s is a page without scripts that needs no key and fetches nothing',
  async (path) => {
    const answer = await openDoor().request(path, { key: null });
    const html = await answer.text();
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^' ]+';/,
    );
    expect(html).not.toMatch(/<script|<img|<link|src=|style=|onclick=|https?:\/\/(?!127\.0\.0\.1:3000\/v1)/);
  },
);

test('the style sheet of a page is the one that its policy allows', async () => {
  const answer = await openDoor().request('/', { key: null });
  const style = /<style>([^]*)<\/style>/.exec(await answer.text())?.[1] ?? '';
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
  const hash = Buffer.from(digest).toString('base64');
  expect(answer.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
});

test('the reference shows every operation and every schema that is linked', async () => {
  const html = await (await openDoor().request('/reference')).text();
  for (const id of ['post-runs', 'get-sessions-id-events', 'post-approvals-id'])
    expect(html).toContain(`id="${id}"`);
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, target]) => `id="${target}"`);
  expect(links.length).toBeGreaterThan(40);
  for (const target of new Set(links)) expect(html).toContain(target);
});

test('the home page says what runs and links to the reference', async () => {
  const html = await (await openDoor().request('/', { key: null })).text();
  expect(html).toContain('Batuta <span class="muted">1.2.3</span>');
  expect(html).toContain('href="/reference"');
});

test('the home page tells a browser whether it is signed in', async () => {
  const home = async (cookie: string) =>
    (await openDoor().request('/', { key: null, headers: { cookie } })).text();
  expect(await home(`batuta_session=${fakeKeys.admin}`)).toContain('This browser is signed in');
  for (const cookie of ['batuta_session=wrong', 'other=1'])
    expect(await home(cookie)).toContain('needs a key');
});

test('a browser is told of a problem in a page, a program in JSON', async () => {
  const door = openDoor();
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const page = await door.request('/login?token=used', { key: null, headers: { accept } });
  expect(page.status).toBe(401);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await page.text()).toContain('The login link was used already');
  const odd = await door.request('/<b>', { key: null, headers: { accept } });
  expect(await odd.text()).not.toContain('<b>');
  const data = await door.request('/login?token=used', { key: null, headers: { accept: '*/*' } });
  expect(await data.json()).toMatchObject({ code: 'login-token-invalid', status: 401 });
});

test('the address in the type of a problem explains the error', async () => {
  const answer = await openDoor().request('/errors/run-unknown', { key: null });
  expect(await answer.json()).toMatchObject({ code: 'run-unknown', status: 404, title: 'Unknown run' });
  expect((await openDoor().request('/errors/constructor')).status).toBe(404);
});

test('health tells that the process lives, readiness that it works', async () => {
  const door = openDoor();
  expect(await (await door.request('/health', { key: null })).json()).toEqual({
    status: 'ok',
    version: '1.2.3',
  });
  expect((await door.request('/ready', { key: null })).status).toBe(200);
  door.application.isReady = false;
  const answer = await door.request('/ready', { key: null });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ status: 'not-ready', checks: { worker: 'stopped' } });
});

test('HEAD gives the headers of GET', async () => {
  const answer = await openDoor().request('/health', { method: 'HEAD', key: null });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('');
});
