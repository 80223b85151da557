import { BatutaError, type Role } from '@batuta/contract';
import { scopesOf, type Identity } from '@batuta/platform/composition';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/domain/identity/permissions.ts';

interface Somebody {
  role: Role;
  userId?: string | null;
  scopes?: readonly Scope[];
  plus?: readonly Scope[];
}

function who({ identity }: TestPlatform, { role, userId = null, scopes, plus = [] }: Somebody): Identity {
  const had = scopes ?? [...scopesOf(role), ...plus];
  return { ...identity, keyId: userId ?? 'key_1', userId, role, scopes: new Set(had) };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (BatutaError.is(error) ? error.code : String(error)),
  );
}

const administrator = { role: 'administrator' } as const;

describe('a key that somebody makes', () => {
  const attempts: [string, Somebody, { role: Role; scopes?: string[] }, string][] = [
    ['an operator, for an operator', { role: 'operator', userId: 'usr_1' }, { role: 'operator' }, 'done'],
    [
      'an operator, for an administrator',
      { role: 'operator', userId: 'usr_1' },
      { role: 'administrator' },
      'grant-too-wide',
    ],
    ['a member, for a member', { role: 'member', userId: 'usr_1' }, { role: 'member' }, 'done'],
    // A viewer does less, but sees more.
    [
      'a member, for a viewer',
      { role: 'member', userId: 'usr_1' },
      { role: 'viewer', scopes: ['runs:read'] },
      'grant-too-wide',
    ],
    [
      'who may only make keys, for everything',
      { role: 'operator', userId: 'usr_1', scopes: ['keys:write'] },
      { role: 'operator' },
      'grant-too-wide',
    ],
    [
      'who may only make keys, for that',
      { role: 'operator', userId: 'usr_1', scopes: ['keys:write'] },
      { role: 'operator', scopes: ['keys:write'] },
      'done',
    ],
    [
      'an administrator, for all tenants',
      administrator,
      { role: 'administrator', scopes: ['*', 'tenants:write'] },
      'grant-too-wide',
    ],
    [
      'the administrator of the platform, for all tenants',
      { ...administrator, plus: ['tenants:write'] },
      { role: 'administrator', scopes: ['*', 'tenants:write'] },
      'done',
    ],
    [
      'anybody, for a scope that there is not',
      administrator,
      { role: 'member', scopes: ['run:read'] },
      'request-invalid',
    ],
  ];

  it.each(attempts)('by %s', async (...[, somebody, wanted, outcome]) => {
    await withPlatform({}, async (platform) => {
      const made = platform.application.keys.create(who(platform, somebody), { name: 'new', ...wanted });
      expect(await codeOf(made)).toBe(outcome);
    });
  });

  it('is as good as its answer says, and belongs to who made it', async () => {
    await withPlatform({}, async (platform) => {
      const { application: a } = platform;
      const user = await a.users.create(platform.identity, { name: 'Ana', role: 'operator' });
      const ana = who(platform, { role: 'operator', userId: user.id });
      const made = await a.keys.create(ana, { name: 'ci', role: 'member', expires_in_days: 2 });
      const identity = await a.access.authenticate(made.key);
      expect(identity).toMatchObject({ userId: user.id, keyId: made.id, name: 'Ana', role: 'member' });
      expect(identity.scopes).toEqual(new Set(made.scopes));
      expect(made.key.endsWith(made.hint)).toBe(true);
      expect(Date.parse(made.expires_at ?? '') - Date.parse(made.created_at)).toBeGreaterThan(47 * 3_600_000);
    });
  });

  it('for somebody else is made by administrators only, and for no more than they may have', async () => {
    await withPlatform({}, async (platform) => {
      const { application: a } = platform;
      const { id } = await a.users.create(platform.identity, { name: 'Ana', role: 'member' });
      const make = (maker: Identity, role: Role, user_id: string | null) =>
        codeOf(a.keys.create(maker, { name: 'new', role, user_id }));
      const operator = who(platform, { role: 'operator', userId: 'usr_2' });
      expect(await make(operator, 'member', id)).toBe('grant-too-wide');
      expect(await make(operator, 'member', null)).toBe('grant-too-wide');
      expect(await make(platform.identity, 'operator', id)).toBe('request-invalid');
      expect(await make(platform.identity, 'member', id)).toBe('done');
      expect(await make(platform.identity, 'member', `usr_${'0'.repeat(26)}`)).toBe('user-unknown');
    });
  });
});

describe('keys of others', () => {
  async function withKey(
    owner: string | null,
    scopes: string[],
    test: (platform: TestPlatform, id: string) => Promise<void>,
  ) {
    await withPlatform({}, async (platform) => {
      const maker = who(platform, { role: 'operator', userId: owner });
      const { id } = await platform.application.keys.create(maker, {
        name: 'theirs',
        role: 'operator',
        scopes,
      });
      await test(platform, id);
    });
  }

  it('are unknown to all but administrators', async () => {
    await withKey('usr_ana', ['*'], async (platform, id) => {
      const { keys } = platform.application;
      for (const userId of ['usr_bob', null]) {
        const bob = who(platform, { role: 'operator', userId });
        expect(await codeOf(keys.get(bob, id))).toBe('key-unknown');
        expect(await codeOf(keys.rotate(bob, id, 0))).toBe('key-unknown');
        expect(await codeOf(keys.revoke(bob, id))).toBe('key-unknown');
        expect((await keys.list(bob, { limit: 9 })).items).toEqual([]);
      }
      expect((await keys.list(platform.identity, { limit: 9 })).items).toMatchObject([{ id }]);
    });
  });

  it('are not rotated by who has less than they allow: the new one would be in their hands', async () => {
    await withKey('usr_ana', ['*'], async (platform, id) => {
      const { keys } = platform.application;
      const narrow = who(platform, {
        role: 'operator',
        userId: 'usr_ana',
        scopes: ['keys:write', 'keys:read'],
      });
      expect(await codeOf(keys.rotate(narrow, id, 0))).toBe('grant-too-wide');
      expect(await codeOf(keys.rotate(who(platform, { role: 'operator', userId: 'usr_ana' }), id, 0))).toBe(
        'done',
      );
    });
  });

  it('work on for the overlap when they are rotated, and both are listed', async () => {
    await withPlatform({}, async (platform) => {
      const { keys, access } = platform.application;
      const old = await keys.create(platform.identity, { name: 'ci', role: 'operator', user_id: null });
      const made = await keys.rotate(platform.identity, old.id, 24);
      const both = await Promise.all([old.key, made.key].map((key) => access.authenticate(key)));
      expect(both.map(({ keyId }) => keyId)).toEqual([old.id, old.id]);
      const { items } = await keys.list(platform.identity, { limit: 9 });
      expect(items.map(({ id, rotated_from }) => [id, rotated_from])).toEqual([
        [made.id, old.id],
        [old.id, null],
      ]);
      const gone = await keys.rotate(platform.identity, made.id, 0);
      expect(await codeOf(access.authenticate(gone.key))).toBe('done');
    });
  });
});

describe('a user', () => {
  it('is given no role that the one who gives it does not have in full', async () => {
    await withPlatform({}, async (platform) => {
      const { users } = platform.application;
      const clerk = who(platform, { role: 'administrator', scopes: ['users:read', 'users:write'] });
      const add = (role: Role) => codeOf(users.create(clerk, { name: 'New', role }));
      expect(await add('administrator')).toBe('grant-too-wide');
      const chief = await users.create(platform.identity, { name: 'Chief', role: 'administrator' });
      // Else the clerk could sign in as the chief.
      const identity = { issuer: 'https://id.example.com', subject: 'clerk' };
      expect(await codeOf(users.change(clerk, chief.id, { identity }))).toBe('grant-too-wide');
      expect(await codeOf(users.change(clerk, chief.id, { role: 'member' }))).toBe('grant-too-wide');
      expect(await codeOf(users.delete(clerk, chief.id))).toBe('grant-too-wide');
    });
  });
});

describe('changes of who may enter', () => {
  it('are in the audit log, with who made them and no secret', async () => {
    await withPlatform({}, async (platform) => {
      const secrets = await changeEverything(platform);
      const rows = await platform.stores.audits.read('alpha', { after: 0, limit: 50 });
      const own = rows.filter(({ actor }) => actor === platform.identity.keyId);
      expect(own.map(({ action }) => action)).toEqual(actions);
      const change = own.find(({ action }) => action === 'user-changed');
      expect(change).toMatchObject({ before: '{"role":"member"}', after: '{"role":"operator"}' });
      for (const secret of secrets) expect(JSON.stringify(rows)).not.toContain(secret);
    });
  });

  const actions = [
    'user-created',
    'api-key-created',
    'api-key-rotated',
    'user-changed',
    'api-key-revoked',
    'user-disabled',
    'user-deleted',
    'tenant-changed',
  ];

  async function changeEverything({ application: a, identity }: TestPlatform): Promise<string[]> {
    const user = await a.users.create(identity, { name: 'Ana', role: 'member' });
    const key = await a.keys.create(identity, { name: 'ci', role: 'member', user_id: user.id });
    const made = await a.keys.rotate(identity, key.id, 1);
    await a.users.change(identity, user.id, { role: 'operator' });
    await a.keys.revoke(identity, made.id);
    await a.users.change(identity, user.id, { disabled: true });
    await a.users.delete(identity, user.id);
    await a.tenant.change(identity, { name: 'New' });
    return [key.key, made.key];
  }
});

describe('tenants', () => {
  it('are made with a key that enters theirs, and disabled ones are entered by nobody', async () => {
    await withPlatform({}, async ({ application: a, identity }) => {
      const { tenant, key } = await a.tenants.create(identity, { id: 'acme', name: 'Acme' });
      expect(tenant).toMatchObject({ id: 'acme', disabled_at: null });
      const theirs = await a.access.authenticate(key.key);
      expect(theirs).toMatchObject({ tenantId: 'acme', role: 'administrator' });
      expect(theirs.scopes).toEqual(scopesOf('administrator'));
      const second = await a.keys.create(theirs, { name: 'two', role: 'viewer' });
      await a.tenants.change(identity, 'acme', { disabled: true });
      expect(await codeOf(a.access.authenticate(second.key))).toBe('access-disabled');
      await a.tenants.change(identity, 'acme', { disabled: false });
      expect(await codeOf(a.access.authenticate(second.key))).toBe('done');
      expect(await codeOf(a.tenants.change(identity, 'alpha', { disabled: true }))).toBe('tenant-needed');
      expect((await a.tenants.list({ limit: 9 })).items.map(({ id }) => id)).toEqual([
        'acme',
        'alpha',
        'beta',
      ]);
    });
  });
});
