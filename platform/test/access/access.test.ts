import { beforeEach, describe, expect, test } from 'vitest';
import { createAuthenticate, type Authenticate } from '../../src/application/access/authenticate.ts';
import { ensureAdministratorKey } from '../../src/application/access/ensure-administrator-key.ts';
import { issueKey } from '../../src/application/access/issue-key.ts';
import { createLoginToken, exchangeLogin } from '../../src/application/access/login.ts';
import { scopesOf } from '../../src/domain/identity/permissions.ts';
import { createAccessKit, type AccessKit } from './access-kit.ts';

const order = {
  tenantId: 'one',
  name: 'robot',
  role: 'operator',
  scopes: ['runs:read'],
  expiresAt: null,
} as const;

let kit: AccessKit;
let authenticate: Authenticate;

beforeEach(() => {
  kit = createAccessKit();
  authenticate = createAuthenticate(kit);
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
    const { id, key } = await issueKey(kit, order);
    await authenticate(key);
    await kit.store.revokeKey('one', id);
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

describe('login', () => {
  test('a token signs in once, as an administrator of its tenant, for thirty days', async () => {
    const token = await createLoginToken(kit, 'one');
    const { key, expiresAt } = await exchangeLogin(kit, token);
    expect(expiresAt - kit.clock.now()).toBe(30 * 24 * 3_600_000);
    expect(await authenticate(key)).toMatchObject({ tenantId: 'one', name: 'browser' });
    await expect(exchangeLogin(kit, token)).rejects.toMatchObject({ code: 'login-token-invalid' });
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
    expect((await authenticate(key)).scopes).toEqual(scopesOf('administrator'));
  });

  test('that was revoked is refused in words', async () => {
    const given = { key: `btk_${'k'.repeat(43)}`, source: 'environment BATUTA_ADMIN_KEY' };
    await ensureAdministratorKey(kit, { tenantId: 'one', given });
    const [key] = kit.store.keys.values();
    await kit.store.revokeKey('one', key?.id ?? '');
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
