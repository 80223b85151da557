import { describe, expect, test } from 'vitest';
import { ids } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

/** API keys and login tokens. */
export function describeAccess(open: StoreFactory): void {
  describe('access', () => {
    const stores = useStores(open);

    async function addKey(hash: string, expiresAt: number | null = null): Promise<string> {
      const id = ids.create('apiKey');
      await stores().access.addKey({
        id,
        tenantId: 'acme',
        name: 'ci',
        hash,
        role: 'operator',
        scopes: ['*'],
        expiresAt,
      });
      return id;
    }

    test('a key is found by its hash, before any tenant is known', async () => {
      const id = await addKey('hash-1');
      expect(await stores().access.findKey('hash-1')).toMatchObject({
        id,
        tenantId: 'acme',
        name: 'ci',
        role: 'operator',
        scopes: ['*'],
        expiresAt: null,
        revokedAt: null,
      });
      expect(await stores().access.findKey('hash-2')).toBeUndefined();
    });

    test('a revoked or expired key is not found', async () => {
      const id = await addKey('hash-1', Date.now() + 60_000);
      await addKey('hash-2', Date.now() - 1);
      expect(await stores().access.findKey('hash-2')).toBeUndefined();
      await stores().access.ensureTenant('other', 'Other');
      await stores().access.revokeKey('other', id);
      expect(await stores().access.findKey('hash-1')).toMatchObject({ id });
      await stores().access.revokeKey('acme', id);
      expect(await stores().access.findKey('hash-1')).toBeUndefined();
    });

    test('a key that is added by several at once is there once, and a revoked one stays revoked', async () => {
      await Promise.all(Array.from({ length: 4 }, () => addKey('hash-1')));
      const found = await stores().access.findKey('hash-1');
      await stores().access.revokeKey('acme', found?.id ?? '');
      await addKey('hash-1');
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
  });
}
