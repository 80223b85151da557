import { describe, expect, test } from 'vitest';
import { allEndpoints } from '../../src/interface/http/endpoint/all-endpoints.ts';
import { createPageEndpoints } from '../../src/interface/http/endpoint/page-endpoints.ts';
import { examplePath } from '../http/bad-input-cases.ts';
import { fakeIds, fakeKeys } from '../http/fake-application.ts';
import { openDoor } from '../http/open-door.ts';

/** Pages for everybody, with nothing of a tenant on them. Whoever adds one says so here. */
const unrecorded = [
  '/',
  '/openapi.json',
  '/reference',
  '/errors/{code}',
  '/health',
  '/ready',
  '/authorizations/client.json',
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
  // What it shows comes over a WebSocket, which is recorded.
  '/browser/{session}',
  '/browser/assets/live.js',
  '/browser/assets/live.css',
  '/terminal/assets/{name}',
];

/** Its requests carry operations, and each of those is told of (test/mcp-server). */
const ownRecorders = ['/mcp'];

const endpoints = [...allEndpoints, ...createPageEndpoints(allEndpoints, '1')].map(
  ({ description }) => description,
);

describe('the audit log', () => {
  test.each(endpoints.filter(({ path }) => ![...unrecorded, ...ownRecorders].includes(path)))(
    'is told of each $method $path by its template',
    async ({ method, path }) => {
      const door = openDoor();
      const body = method === 'GET' || method === 'DELETE' ? {} : { json: {} };
      await door.request(examplePath(path), { method, ...body });
      expect(door.application.recorded).toHaveLength(1);
      expect(door.application.recorded[0]).toMatchObject({ action: `${method} ${path}` });
    },
  );

  test('is not told of pages that are for everybody', async () => {
    const door = openDoor();
    for (const path of unrecorded) await door.request(path.replace('{code}', 'run-unknown'), { key: null });
    expect(door.application.recorded).toEqual([]);
  });

  test('is told who did what, to what, from where, and how it ended', async () => {
    const door = openDoor();
    await door.request(`/v1/runs/${fakeIds.run}`, { headers: { 'user-agent': 'curl/8' } });
    await door.request('/v1/runs', { json: { agent: 'assistant', input: 'Hello' } });
    await door.request(`/v1/runs/${fakeIds.foreignRun}/cancel`, { json: {} });
    expect(door.application.recorded).toMatchObject([
      { target: fakeIds.run, outcome: 'succeeded', reason: null, kind: 'access', userAgent: 'curl/8' },
      { target: fakeIds.run, action: 'POST /v1/runs', outcome: 'succeeded' },
      { target: fakeIds.foreignRun, outcome: 'failed', reason: 'run-unknown' },
    ]);
    expect(door.application.recorded.every(({ identity }) => identity?.tenantId === 'one')).toBe(true);
  });

  test.each([
    ['a refused key', '/v1/runs', { key: 'btk_wrong' }, 'key-invalid'],
    ['no key', '/v1/runs', { key: null }, 'key-missing'],
    [
      'a page of another origin',
      '/v1/runs',
      { headers: { origin: 'https://evil.example' } },
      'origin-not-allowed',
    ],
    [
      'a foreign host name, even for a public page',
      '/health',
      { headers: { host: 'evil.example' } },
      'host-not-allowed',
    ],
    [
      'a path that does not exist, from a foreign page',
      '/x',
      { headers: { origin: 'https://evil.example' } },
      'origin-not-allowed',
    ],
    ['a used login link', '/login?token=bad', { key: null }, 'login-token-invalid'],
  ])('is told of %s, by nobody that is known', async (...[, path, sent, reason]) => {
    const door = openDoor();
    await door.request(path, sent);
    expect(door.application.recorded).toMatchObject([
      { identity: null, kind: 'security', outcome: 'refused', reason },
    ]);
  });

  test('is told who lacked a permission', async () => {
    const door = openDoor();
    await door.request('/v1/audit', { key: fakeKeys.runsOnly });
    const [recorded] = door.application.recorded;
    expect(recorded).toMatchObject({ kind: 'security', outcome: 'refused', reason: 'permission-missing' });
    expect(recorded?.identity?.name).toBe(fakeKeys.runsOnly);
  });

  test('is told of a login, never of the token', async () => {
    const door = openDoor();
    await door.request('/login?token=good', { key: null });
    expect(door.application.recorded).toMatchObject([
      { action: 'GET /login', kind: 'security', outcome: 'succeeded' },
    ]);
    expect(JSON.stringify(door.application.recorded)).not.toContain('good');
  });
});
