import { BatutaError, type ApiKey, type Tenant, type TenantEntry, type User } from '@batuta/contract';
import type { Application, Page } from '../../src/application/application.ts';
import type { Identity } from '../../src/application/access/identity.ts';
import { grantedScopes } from '../../src/domain/identity/granted-scopes.ts';
import { platformScopes } from '../../src/domain/identity/permissions.ts';

const at = '2026-11-21T00:00:00.000Z';
const zeros = '0'.repeat(25);

/** Ids of the fake's keys and users: of the first tenant but `foreign...`. */
export const fakeAccessIds = {
  apiKey: `key_${zeros}1`,
  endedKey: `key_${zeros}2`,
  foreignKey: `key_${zeros}9`,
  user: `usr_${zeros}1`,
  lastAdministrator: `usr_${zeros}2`,
  foreignUser: `usr_${zeros}9`,
};

/** The keys by which the fake tells who asks. */
interface FakeKeys {
  admin: string;
  other: string;
  agentsOnly: string;
  runsOnly: string;
  login: string;
}

/** Who may enter the fake: two tenants, and two keys that may do only a little. */
export function fakeAccess(keys: FakeKeys): Application['access'] {
  const everything = ['*', ...platformScopes];
  const found: Record<string, [tenantId: string, scopes: readonly string[]]> = {
    [keys.admin]: ['one', everything],
    [keys.login]: ['one', everything],
    [keys.other]: ['two', everything],
    [keys.agentsOnly]: ['one', ['agents:read']],
    [keys.runsOnly]: ['one', ['runs:read']],
  };
  const find = (key: string): Identity => {
    const [tenantId, scopes = []] = found[key] ?? [];
    if (tenantId === undefined) throw new BatutaError('key-invalid', {});
    return makeIdentity({ tenantId, name: key, scopes });
  };
  return {
    authenticate: async (key) => {
      if (key === undefined) throw new BatutaError('key-missing', {});
      return find(key);
    },
    authenticateBrowser: async (token) => find(token),
    exchangeLogin: async (token) => {
      if (token !== 'good') throw new BatutaError('login-token-invalid', {});
      return { token: keys.login, endsAt: Date.UTC(2026, 10, 22) };
    },
    beginLogin: async (callback) => ({
      address: `https://id.example.com/auth?redirect_uri=${encodeURIComponent(callback)}`,
      flow: { state: 'state-1', nonce: 'nonce-1', verifier: 'verifier-1' },
    }),
    finishLogin: async (returned, { flow }) => {
      if (returned.searchParams.get('state') !== flow.state)
        throw new BatutaError('login-failed', { reason: 'no' });
      return { token: keys.login, endsAt: Date.UTC(2026, 10, 22) };
    },
    signOut: async () => null,
    watch: () => () => undefined,
  };
}

function makeIdentity(who: { tenantId: string; name: string; scopes: readonly string[] }): Identity {
  const role = 'administrator';
  const scopes = grantedScopes({ ...who, role }, 'one');
  return { ...who, keyId: 'key_1', userId: null, role, scopes, address: null };
}

export const fakeTenant: Application['tenant'] = {
  get: async ({ tenantId }) => makeTenant(tenantId),
  change: async ({ tenantId }, { name, settings = {} }) => {
    const issues = Object.keys(settings).map((key) => ({ path: `body.settings.${key}`, message: 'unknown' }));
    if (issues.length > 0) throw new BatutaError('request-invalid', { summary: 'unknown', issues });
    return { ...makeTenant(tenantId), ...(name !== undefined && { name }) };
  },
};

function makeTenant(id: string): Tenant {
  return { id, name: id, settings: {}, created_at: at };
}

function makeEntry(id: string): TenantEntry {
  return { id, name: id, created_at: at, disabled_at: null };
}

export const fakeTenants: Application['tenants'] = {
  list: async ({ cursor }) => onlyPage([makeEntry('one')], cursor),
  create: async (_, { id }) => {
    if (id === 'one') throw new BatutaError('tenant-exists', { id });
    return { tenant: makeEntry(id), key: { ...makeKey(fakeAccessIds.apiKey), key: 'btk_new' } };
  },
  change: async (_, id) => {
    if (id === 'one') throw new BatutaError('tenant-needed', { id });
    if (id !== 'two') throw new BatutaError('tenant-unknown', { id });
    return makeEntry(id);
  },
};

function makeKey(id: string): ApiKey {
  return {
    id,
    name: 'ci',
    hint: 'abcd',
    role: 'operator',
    scopes: ['runs:read'],
    user_id: null,
    created_at: at,
    expires_at: null,
    revoked_at: null,
    last_used_at: null,
    rotated_from: null,
    replaced_by: null,
  };
}

function ownKey(id: string): ApiKey {
  if (id !== fakeAccessIds.apiKey && id !== fakeAccessIds.endedKey)
    throw new BatutaError('key-unknown', { id });
  return makeKey(id);
}

export const fakeApiKeys: Application['keys'] = {
  list: async (_, { cursor }) => onlyPage([makeKey(fakeAccessIds.apiKey)], cursor),
  get: async (_, id) => ownKey(id),
  create: async (_, { role }) => {
    if (role === 'administrator')
      throw new BatutaError('grant-too-wide', { excess: 'the role administrator' });
    return { ...makeKey(fakeAccessIds.apiKey), role, key: 'btk_new' };
  },
  rotate: async (_, id) => {
    const old = ownKey(id);
    if (id === fakeAccessIds.endedKey) throw new BatutaError('key-not-active', { id, reason: 'was revoked' });
    return { ...old, rotated_from: id, key: 'btk_new' };
  },
  revoke: async (_, id) => {
    ownKey(id);
    if (id === fakeAccessIds.endedKey) throw new BatutaError('last-administrator', {});
  },
};

function ownUser(id: string): User {
  if (id === fakeAccessIds.foreignUser || !Object.values(fakeAccessIds).includes(id)) {
    throw new BatutaError('user-unknown', { id });
  }
  return { id, name: 'Ana', email: null, role: 'member', identity: null, created_at: at, disabled_at: null };
}

function keepLast(id: string): void {
  if (id === fakeAccessIds.lastAdministrator) throw new BatutaError('last-administrator', {});
}

export const fakeUsers: Application['users'] = {
  list: async (_, { cursor }) => onlyPage([ownUser(fakeAccessIds.user)], cursor),
  get: async (_, id) => ownUser(id),
  create: async (_, { identity, role }) => {
    if (role === 'administrator')
      throw new BatutaError('grant-too-wide', { excess: 'the role administrator' });
    if (identity) throw new BatutaError('identity-taken', { id: fakeAccessIds.user, ...identity });
    return ownUser(fakeAccessIds.user);
  },
  change: async (_, id) => {
    const user = ownUser(id);
    keepLast(id);
    return user;
  },
  delete: async (_, id) => {
    ownUser(id);
    keepLast(id);
  },
};

function onlyPage<T>(items: T[], cursor: string | undefined): Page<T> {
  if (cursor !== undefined) throw new BatutaError('cursor-invalid', { cursor });
  return { items, next_cursor: null };
}
