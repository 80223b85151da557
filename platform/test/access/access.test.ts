import { beforeEach, describe, expect, test } from 'vitest';
import { Authenticator } from '../../src/application/access/authenticate.ts';
import { ensureAdministratorKey } from '../../src/application/access/ensure-administrator-key.ts';
import { issueKey } from '../../src/application/access/issue-key.ts';
import { createLoginToken, exchangeLogin } from '../../src/application/access/login.ts';
import { platformScopes, scopesOf } from '../../src/domain/identity/permissions.ts';
import { openSealed, sealFor } from '../../src/application/access/secret.ts';
import { signOut } from '../../src/application/access/sign-out.ts';
import { createAccessKit, type AccessKit } from './access-kit.ts';

const order = {
  tenantId: 'one',
  name: 'robot',
  role: 'operator',
  scopes: ['runs:read'],
  expiresAt: null,
} as const;

let kit: AccessKit;
let authenticator: Authenticator;

const authenticate = (key: string | undefined) => authenticator.key(key);

beforeEach(() => {
  kit = createAccessKit();
  authenticator = new Authenticator(kit);
});

describe('keys', () => {
  test('a key is 32 random bytes that are stored nowhere', async () => {
    const { key } = await issueKey(kit, order);
    expect(key).toMatch(/^btk_[\w-]{43}$/);
    expect(JSON.stringify([...kit.store.keys])).not.toContain(key.slice(4));
    expect([...kit.store.keys.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  test('a key is its owner', async () => {
    const { id, key } = await issueKey(kit, order);
    expect(await authenticate(key)).toEqual({
      proof: { kind: 'key', hash: expect.any(String) },
      tenantId: 'one',
      keyId: id,
      userId: null,
      name: 'robot',
      role: 'operator',
      scopes: new Set(['runs:read']),
      address: null,
    });
  });

  test('no key is not the same as a wrong one', async () => {
    await expect(authenticate(undefined)).rejects.toMatchObject({ code: 'key-missing' });
    for (const key of ['', 'btk_wrong', 'x'.repeat(10_000)]) {
      await expect(authenticate(key)).rejects.toMatchObject({ code: 'key-invalid' });
    }
  });

  test('many requests at once with one key look it up once', async () => {
    const { key } = await issueKey(kit, order);
    await Promise.all(Array.from({ length: 100 }, () => authenticate(key)));
    expect(kit.store.lookUps).toBe(1);
  });

  test('a revoked key works for at most five seconds more', async () => {
    const { key } = await issueKey(kit, order);
    await authenticate(key);
    kit.store.revokeAll();
    await kit.clock.advance(4_999);
    await expect(authenticate(key)).resolves.toBeDefined();
    await kit.clock.advance(1);
    await expect(authenticate(key)).rejects.toMatchObject({ code: 'key-invalid' });
  });

  test('a key that expires is not remembered beyond that', async () => {
    const { key } = await issueKey(kit, { ...order, expiresAt: kit.clock.now() + 1_000 });
    await authenticate(key);
    await kit.clock.advance(1_000);
    await expect(authenticate(key)).rejects.toMatchObject({ code: 'key-invalid' });
  });

  test('wrong keys are never remembered, so that one issued later works at once', async () => {
    await expect(authenticate('btk_later')).rejects.toMatchObject({ code: 'key-invalid' });
    await ensureAdministratorKey(kit, { tenantId: 'one', given: { key: 'btk_later', source: 'test' } });
    await expect(authenticate('btk_later')).resolves.toMatchObject({ tenantId: 'one' });
  });

  test('a look-up that failed is tried again', async () => {
    const { key } = await issueKey(kit, order);
    const find = kit.store.findKey.bind(kit.store);
    kit.store.findKey = () => Promise.reject(new TypeError('lost'));
    await expect(authenticate(key)).rejects.toThrow('lost');
    kit.store.findKey = find;
    await expect(authenticate(key)).resolves.toBeDefined();
  });
});

describe('who stands behind a key', () => {
  test('must not be disabled, nor their tenant', async () => {
    const { key } = await issueKey(kit, order);
    const user = { id: 'usr_1', name: 'Ana', role: 'operator', isDisabled: true } as const;
    kit.store.behind = { user };
    await expect(authenticate(key)).rejects.toMatchObject({ code: 'access-disabled', data: { id: 'usr_1' } });
    kit.store.behind = { user: { ...user, isDisabled: false }, isTenantDisabled: true };
    await expect(authenticate(key)).rejects.toMatchObject({ code: 'access-disabled', data: { id: 'one' } });
    kit.store.behind = { user: { ...user, isDisabled: false } };
    await expect(authenticate(key)).resolves.toMatchObject({ userId: 'usr_1', name: 'Ana' });
  });

  test('gives it no more than they have themselves', async () => {
    const { key } = await issueKey(kit, { ...order, role: 'administrator', scopes: ['*', 'tenants:write'] });
    kit.store.behind = { user: { id: 'usr_1', name: 'Ana', role: 'viewer', isDisabled: false } };
    const { role, scopes } = await authenticate(key);
    expect({ role, scopes }).toEqual({ role: 'viewer', scopes: scopesOf('viewer') });
  });
});

describe('the use of keys', () => {
  test('is noted at most once a minute each, in one batch, and not before the answer', async () => {
    const keys = await Promise.all([issueKey(kit, order), issueKey(kit, order)]);
    for (const { key } of [...keys, ...keys]) await authenticate(key);
    expect(kit.store.uses).toEqual([]);
    await kit.clock.advance(1_000);
    expect(kit.store.uses.map((batch) => batch.map(({ used }) => used))).toEqual([
      keys.map(({ id }) => ({ keyId: id })),
    ]);
    await kit.clock.advance(58_000);
    for (const { key } of keys) await authenticate(key);
    await kit.clock.advance(1_000);
    expect(kit.store.uses).toHaveLength(1);
    for (const { key } of keys) await authenticate(key);
    await kit.clock.advance(1_000);
    expect(kit.store.uses).toHaveLength(2);
  });

  test('that cannot be noted is told in the log and holds up nobody', async () => {
    const { key } = await issueKey(kit, order);
    kit.store.noteUses = () => Promise.reject(new TypeError('lost'));
    await authenticate(key);
    await kit.clock.advance(1_000);
    expect(kit.log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });
});

describe('login', () => {
  test('a token signs in once, as an administrator of the platform', async () => {
    const token = await createLoginToken(kit, 'one');
    const signedIn = await exchangeLogin(kit, token);
    expect(signedIn.token).toMatch(/^bts_[\w-]{43}$/);
    expect([...kit.store.sessions.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    const identity = await authenticator.browser(signedIn.token);
    expect(identity).toMatchObject({ tenantId: 'one', keyId: null, userId: null, name: 'browser' });
    expect(identity.scopes).toEqual(new Set([...scopesOf('administrator'), ...platformScopes]));
    await expect(exchangeLogin(kit, token)).rejects.toMatchObject({ code: 'login-token-invalid' });
  });

  test('a browser is signed in for a week, and as long as it is used, but for thirty days at most', async () => {
    const { endsAt } = await exchangeLogin(kit, await createLoginToken(kit, 'one'));
    expect(endsAt - kit.clock.now()).toBe(30 * 24 * 3_600_000);
    const [session] = kit.store.sessions.values();
    expect((session?.expiresAt ?? 0) - kit.clock.now()).toBe(7 * 24 * 3_600_000);
    expect(session).toMatchObject({ endsAt });
  });

  test('what a browser keeps is no key, and a key is not what a browser keeps', async () => {
    const { token } = await exchangeLogin(kit, await createLoginToken(kit, 'one'));
    const { key } = await issueKey(kit, order);
    await expect(authenticate(token)).rejects.toMatchObject({ code: 'key-invalid' });
    await expect(authenticator.browser(key)).rejects.toMatchObject({ code: 'key-invalid' });
  });

  test('a browser that signs out is out at once, and may do so again', async () => {
    const { token } = await exchangeLogin(kit, await createLoginToken(kit, 'one'));
    await authenticator.browser(token);
    const context = { ...kit, accessChanged: () => undefined, login: null };
    const leaving = { token, returnTo: 'http://localhost/' };
    await signOut(context, authenticator, leaving);
    await expect(authenticator.browser(token)).rejects.toMatchObject({ code: 'key-invalid' });
    await expect(signOut(context, authenticator, leaving)).resolves.toBeNull();
  });

  test('what is sealed for a token is read with that token, and with no other', () => {
    const sealed = sealFor('bts_one', 'an ID token');
    expect(openSealed('bts_one', sealed)).toBe('an ID token');
    expect(openSealed('bts_two', sealed)).toBeUndefined();
    expect(openSealed('bts_one', `${sealed.startsWith('A') ? 'B' : 'A'}${sealed.slice(1)}`)).toBeUndefined();
    expect(openSealed('bts_one', '')).toBeUndefined();
  });

  test('a token is good for an hour', async () => {
    const token = await createLoginToken(kit, 'one');
    await kit.clock.advance(3_600_000);
    await expect(exchangeLogin(kit, token)).rejects.toMatchObject({ code: 'login-token-invalid' });
  });

  test.each(['', 'btl_wrong', 'x'.repeat(10_000)])('nobody signs in with "%s"', async (token) => {
    await expect(exchangeLogin(kit, token)).rejects.toMatchObject({ code: 'login-token-invalid' });
  });
});

describe('administrator key', () => {
  test('is made when none is known, and works', async () => {
    const { key, isNew } = await ensureAdministratorKey(kit, { tenantId: 'one' });
    expect(isNew).toBe(true);
    expect(kit.store.tenants).toEqual(new Set(['one']));
    expect((await authenticate(key)).scopes).toEqual(
      new Set([...scopesOf('administrator'), ...platformScopes]),
    );
  });

  test('that was revoked is refused in words', async () => {
    const given = { key: `btk_${'k'.repeat(43)}`, source: 'environment BATUTA_ADMIN_KEY' };
    await ensureAdministratorKey(kit, { tenantId: 'one', given });
    kit.store.revokeAll();
    await expect(ensureAdministratorKey(kit, { tenantId: 'one', given })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('was revoked'),
    });
  });

  test('that is given is stored once, and kept', async () => {
    const given = { key: `btk_${'k'.repeat(43)}`, source: 'environment BATUTA_ADMIN_KEY' };
    await ensureAdministratorKey(kit, { tenantId: 'one', given });
    expect(await ensureAdministratorKey(kit, { tenantId: 'one', given })).toEqual({
      key: given.key,
      isNew: false,
    });
    expect(kit.store.keys.size).toBe(1);
    expect(kit.log.lines).toEqual([]);
  });

  test('that is short is taken with a warning', async () => {
    await ensureAdministratorKey(kit, { tenantId: 'one', given: { key: 'test-key-1', source: 'x' } });
    expect(kit.log.lines).toEqual([expect.objectContaining({ level: 'warn' })]);
  });

  test.each(['short', 'with a space in it', 'ümläutßßß', 'x'.repeat(257)])(
    'must not be "%s"',
    async (key) => {
      const given = { key, source: 'environment BATUTA_ADMIN_KEY' };
      await expect(ensureAdministratorKey(kit, { tenantId: 'one', given })).rejects.toMatchObject({
        code: 'configuration-invalid',
        data: { name: 'BATUTA_ADMIN_KEY', source: given.source },
      });
      expect(kit.store.keys.size).toBe(0);
    },
  );
});
