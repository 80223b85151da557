import { fakeAccessIds } from './fake-access.ts';
import { badBodies, badIds, badPages, invalid, post, type BadInput } from './bad-input-kit.ts';

const key = { thing: 'key', foreign: fakeAccessIds.foreignKey };
const user = { thing: 'user', foreign: fakeAccessIds.foreignUser };
const newKey = { name: 'ci', role: 'operator' };
const newUser = { name: 'Ana', role: 'member' };

function withMethod(method: string, cases: readonly BadInput[]): BadInput[] {
  return cases.map((bad) => ({ ...bad, request: { ...bad.request, method } }));
}

function refused(what: string, path: string, how: Pick<BadInput, 'request' | 'status' | 'code'>): BadInput {
  return { what, path, ...how };
}

/** The bad inputs of the endpoints of keys, users and tenants. */
export const identityBadInputs: Readonly<Record<string, readonly BadInput[]>> = {
  'GET /v1/me': [invalid('unknown query', '/v1/me?surprise=1')],
  'GET /v1/keys': badPages('/v1/keys'),
  'POST /v1/keys': [
    ...badBodies('/v1/keys', newKey),
    invalid('no role', '/v1/keys', post({ name: 'ci' })),
    invalid('unknown role', '/v1/keys', post({ ...newKey, role: 'king' })),
    invalid('no scopes', '/v1/keys', post({ ...newKey, scopes: [] })),
    invalid('a scope that is no scope', '/v1/keys', post({ ...newKey, scopes: ['runs'] })),
    invalid('expiry in the past', '/v1/keys', post({ ...newKey, expires_in_days: 0 })),
    invalid('a user id of another kind', '/v1/keys', post({ ...newKey, user_id: fakeAccessIds.apiKey })),
    refused('more than the asker has', '/v1/keys', {
      request: post({ ...newKey, role: 'administrator' }),
      status: 403,
      code: 'grant-too-wide',
    }),
  ],
  'GET /v1/keys/{id}': badIds((x) => `/v1/keys/${x}`, key),
  'DELETE /v1/keys/{id}': [
    ...withMethod(
      'DELETE',
      badIds((x) => `/v1/keys/${x}`, key),
    ),
    refused('last administrator', `/v1/keys/${fakeAccessIds.endedKey}`, {
      request: { method: 'DELETE' },
      status: 409,
      code: 'last-administrator',
    }),
  ],
  'POST /v1/keys/{id}/rotate': [
    ...badBodies(`/v1/keys/${fakeAccessIds.apiKey}/rotate`, {}),
    ...badIds((x) => `/v1/keys/${x}/rotate`, key, {}),
    invalid('overlap too long', `/v1/keys/${fakeAccessIds.apiKey}/rotate`, post({ overlap_hours: 1000 })),
    refused('a key that ended', `/v1/keys/${fakeAccessIds.endedKey}/rotate`, {
      request: post({}),
      status: 409,
      code: 'key-not-active',
    }),
  ],
  'GET /v1/users': badPages('/v1/users'),
  'POST /v1/users': [
    ...badBodies('/v1/users', newUser),
    invalid('empty name', '/v1/users', post({ ...newUser, name: ' ' })),
    invalid('bad email', '/v1/users', post({ ...newUser, email: 'ana' })),
    invalid('half an identity', '/v1/users', post({ ...newUser, identity: { issuer: 'https://x' } })),
    refused('an identity that is taken', '/v1/users', {
      request: post({ ...newUser, identity: { issuer: 'https://x', subject: 'a' } }),
      status: 409,
      code: 'identity-taken',
    }),
  ],
  'GET /v1/users/{id}': badIds((x) => `/v1/users/${x}`, user),
  'PATCH /v1/users/{id}': [
    ...badBodies(`/v1/users/${fakeAccessIds.user}`, { name: 'Ana' }, 'PATCH'),
    ...withMethod(
      'PATCH',
      badIds((x) => `/v1/users/${x}`, user, {}),
    ),
    refused('last administrator', `/v1/users/${fakeAccessIds.lastAdministrator}`, {
      request: post({ role: 'viewer' }, 'PATCH'),
      status: 409,
      code: 'last-administrator',
    }),
  ],
  'DELETE /v1/users/{id}': withMethod(
    'DELETE',
    badIds((x) => `/v1/users/${x}`, user),
  ),
  'GET /v1/tenants': badPages('/v1/tenants'),
  'POST /v1/tenants': [
    ...badBodies('/v1/tenants', { id: 'acme', name: 'Acme' }),
    invalid('an id with capitals', '/v1/tenants', post({ id: 'Acme', name: 'Acme' })),
    refused('a tenant that is there', '/v1/tenants', {
      request: post({ id: 'one', name: 'One' }),
      status: 409,
      code: 'tenant-exists',
    }),
  ],
  'PATCH /v1/tenants/{id}': [
    ...badBodies('/v1/tenants/two', { disabled: true }, 'PATCH'),
    refused('unknown id', '/v1/tenants/three', {
      request: post({ disabled: true }, 'PATCH'),
      status: 404,
      code: 'tenant-unknown',
    }),
    refused('malformed id', '/v1/tenants/No%00Body', {
      request: post({ disabled: true }, 'PATCH'),
      status: 404,
      code: 'tenant-unknown',
    }),
    refused('the tenant of the platform', '/v1/tenants/one', {
      request: post({ disabled: true }, 'PATCH'),
      status: 409,
      code: 'tenant-needed',
    }),
  ],
};
