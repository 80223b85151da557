import { describe, expect, test } from 'vitest';
import { permissions, scopeNames, type Scope } from '../../src/domain/identity/permissions.ts';
import { allEndpoints } from '../../src/interface/http/endpoint/all-endpoints.ts';
import { openDoor } from './open-door.ts';

/** Endpoints whose scope is not that of the first word of their path and of their method, and why. */
const exceptions: Readonly<Record<string, Scope | 'any'>> = {
  // Everybody may know who they are.
  'GET /v1/me': 'any',
  // The own tenant is its settings; all tenants are the platform's.
  'GET /v1/tenant': 'settings:read',
  'PATCH /v1/tenant': 'settings:write',
  // It looks as if it read, and lets somebody type.
  'GET /v1/sessions/{id}/terminal': 'terminals:write',
  // Asks a question and changes nothing.
  'POST /v1/policies/explain': 'policies:read',
  // The key of all tenants' secrets.
  'POST /v1/secret-key/rotation': 'keyring:write',
};

const endpoints = allEndpoints
  .map(({ description }) => description)
  .filter(({ path }) => path.startsWith('/v1/'))
  .map(({ method, path, scope }) => ({ name: `${method} ${path}`, method, path, scope }));

function scopeOf(method: string, path: string): string {
  return `${path.split('/')[2]}:${method === 'GET' ? 'read' : 'write'}`;
}

/** Answers of a door to somebody who has these scopes and no others. */
function doorFor(scopes: readonly Scope[]) {
  const door = openDoor();
  const { access } = openDoor().application;
  door.application.access.authenticate = async (key) => {
    return { ...(await access.authenticate(key)), scopes: new Set(scopes) };
  };
  return door;
}

async function codeFor(scopes: readonly Scope[], method: string, path: string): Promise<unknown> {
  const door = doorFor(scopes);
  const at = path.replace(/\{\w+\}/g, 'x');
  const answer = await door.request(at, method === 'GET' ? {} : { method, json: {} });
  door.app.stop();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return isJson ? ((await answer.json()) as { code?: string }).code : undefined;
}

describe('each endpoint', () => {
  test.each(endpoints)('$name asks for the scope of its thing', ({ name, method, path, scope }) => {
    expect(scope).toBe(exceptions[name] ?? scopeOf(method, path));
  });

  test.each(endpoints.filter(({ scope }) => scope !== 'any'))(
    '$name lets in who has that scope alone, and nobody who has all others',
    async ({ method, path, scope }) => {
      expect(await codeFor([scope as Scope], method, path)).not.toBe('permission-missing');
      const others = scopeNames.filter((each) => each !== scope);
      expect(await codeFor(others, method, path)).toBe('permission-missing');
    },
  );
});

test('no exception is left over from an endpoint that is gone', () => {
  const names = endpoints.map(({ name }) => name);
  expect(Object.keys(exceptions).filter((name) => !names.includes(name))).toEqual([]);
});

test('each scope of the table is asked for by an endpoint', () => {
  const asked = new Set<unknown>(endpoints.map(({ scope }) => scope));
  // Policies are changed with the settings of the own tenant; files come with runs; browsers are taken over by whoever watches them.
  expect(permissions.map(({ scope }) => scope).filter((scope) => !asked.has(scope))).toEqual([
    'browsers:write',
    'artifacts:write',
    'policies:write',
  ]);
});
