import { expect, test } from 'vitest';
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
    expect(html).not.toMatch(/<script|<img|<link|src=|style=|onclick=|https?:\/\/(?!HOST)/);
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
  expect(html).toContain('Batuta 1.2.3');
  expect(html).toContain('href="/reference"');
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
