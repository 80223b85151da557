import { describe, expect, test } from 'vitest';
import type { NewKey } from '../../src/port/access-store.ts';
import { entry, ids } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

/** A key of nobody, for the tenant `acme`. */
export function makeKey(changes: Partial<NewKey> = {}): NewKey {
  const id = ids.create('apiKey');
  const grant = { role: 'operator', scopes: ['*'], userId: null, expiresAt: null } as const;
  return { id, tenantId: 'acme', name: 'ci', hash: `hash of ${id}`, hint: 'abcd', ...grant, ...changes };
}

/** Who may enter: keys, login tokens, browser sessions. */
export function describeAccess(open: StoreFactory): void {
  describe('access', () => {
    const stores = useStores(open);

    async function addKey(changes: Partial<NewKey> = {}): Promise<NewKey> {
      const key = makeKey(changes);
      await stores().access.addKey(key, entry);
      return key;
    }

    test('a key is found by its hash, before any tenant is known', async () => {
      const { id, hash } = await addKey();
      expect(await stores().access.findKey(hash)).toEqual({
        tenantId: 'acme',
        id,
        familyId: id,
        name: 'ci',
        role: 'operator',
        scopes: ['*'],
        expiresAt: null,
        user: null,
        isTenantDisabled: false,
      });
      expect(await stores().access.findKey('hash of nothing')).toBeUndefined();
    });

    test('a revoked or expired key is not found', async () => {
      const { id, hash } = await addKey({ expiresAt: Date.now() + 60_000 });
      const expired = await addKey({ expiresAt: Date.now() - 1 });
      expect(await stores().access.findKey(expired.hash)).toBeUndefined();
      await stores().access.ensureTenant('other', 'Other');
      const foreign = stores().keys.revoke('other', id, entry);
      await expect(foreign).rejects.toMatchObject({ code: 'key-unknown' });
      expect(await stores().access.findKey(hash)).toMatchObject({ id });
      await stores().keys.revoke('acme', id, entry);
      expect(await stores().access.findKey(hash)).toBeUndefined();
    });

    test('a key that is added by several at once is there once, and a revoked one stays revoked', async () => {
      await Promise.all(Array.from({ length: 4 }, () => addKey({ hash: 'hash-1' })));
      const found = await stores().access.findKey('hash-1');
      await stores().keys.revoke('acme', found?.id ?? '', entry);
      await addKey({ hash: 'hash-1' });
      expect(await stores().access.findKey('hash-1')).toBeUndefined();
    });

    test('a tenant is made once', async () => {
      await expect(stores().access.ensureTenant('acme', 'Again')).resolves.toBeUndefined();
    });

    test('a login token is used up by one of those who try', async () => {
      const token = { hash: 'token-1', tenantId: 'acme', expiresAt: Date.now() + 60_000 };
      await stores().access.addLoginToken(token);
      const taken = await Promise.all(
        Array.from({ length: 5 }, () => stores().access.takeLoginToken('token-1')),
      );
      expect(taken.filter((one) => one !== undefined)).toEqual([{ tenantId: 'acme' }]);
    });

    test('an expired login token is worth nothing', async () => {
      await stores().access.addLoginToken({ hash: 'token-1', tenantId: 'acme', expiresAt: Date.now() - 1 });
      expect(await stores().access.takeLoginToken('token-1')).toBeUndefined();
    });

    function makeSession(changes: { expiresAt?: number; endsAt?: number; userId?: string } = {}) {
      const later = Date.now() + 60_000;
      const grant = { name: 'Ana', role: 'member', scopes: ['*'], userId: null } as const;
      return { hash: 'session-1', tenantId: 'acme', ...grant, expiresAt: later, endsAt: later, ...changes };
    }

    test('a browser session is found until it expires or is signed out', async () => {
      await stores().access.addBrowserSession(makeSession(), entry);
      expect(await stores().access.findBrowserSession('session-1')).toMatchObject({
        tenantId: 'acme',
        id: null,
        role: 'member',
      });
      await stores().access.endBrowserSession('other', 'session-1', entry);
      expect(await stores().access.findBrowserSession('session-1')).toBeDefined();
      await stores().access.endBrowserSession('acme', 'session-1', entry);
      expect(await stores().access.findBrowserSession('session-1')).toBeUndefined();
      await stores().access.addBrowserSession(makeSession({ expiresAt: Date.now() - 1 }), entry);
      expect(await stores().access.findBrowserSession('session-1')).toBeUndefined();
    });

    test('a session that is used goes on, but not beyond its end, and not when it is over', async () => {
      const now = Date.now();
      await stores().access.addBrowserSession(makeSession({ endsAt: now + 90_000 }), entry);
      const use = { tenantId: 'acme', at: now, used: { sessionHash: 'session-1', expiresAt: now + 120_000 } };
      await stores().access.noteUses([use]);
      const found = await stores().access.findBrowserSession('session-1');
      expect(found?.expiresAt).toBe(now + 90_000);
      await stores().access.addBrowserSession({ ...makeSession(), hash: 'over', expiresAt: now - 1 }, entry);
      await stores().access.noteUses([{ ...use, used: { ...use.used, sessionHash: 'over' } }]);
      expect(await stores().access.findBrowserSession('over')).toBeUndefined();
    });

    test('the last use of a key is kept, and an older one does not replace it', async () => {
      const { id } = await addKey();
      const now = Date.now();
      await stores().access.noteUses([{ tenantId: 'acme', at: now, used: { keyId: id } }]);
      await stores().access.noteUses([{ tenantId: 'acme', at: now - 1000, used: { keyId: id } }]);
      await stores().access.noteUses([{ tenantId: 'other', at: now + 1000, used: { keyId: id } }]);
      expect(await stores().keys.get('acme', id)).toMatchObject({ lastUsedAt: now });
    });
  });
}
