import { describe, expect, test } from 'vitest';
import type { NewKey } from '../../src/port/access-store.ts';
import { makeKey } from './access.ts';
import { entry, ids } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const refused = { code: 'last-administrator' };
const identity = { issuer: 'https://id.example.com', subject: 'ana' };

/** A tenant always keeps an administrator who can enter. */
export function describeLastAdministrator(open: StoreFactory): void {
  describe('the last administrator', () => {
    const stores = useStores(open);

    async function addKey(changes: Partial<NewKey> = {}): Promise<string> {
      const { id } = await stores().keys.add(makeKey({ role: 'administrator', ...changes }), entry);
      return id;
    }

    async function addUser(known: typeof identity | null): Promise<{ tenantId: string; id: string }> {
      const id = ids.create('user');
      const user = { id, tenantId: 'acme', name: 'Ana', email: null, role: 'administrator' } as const;
      await stores().users.add({ ...user, identity: known }, entry);
      return { tenantId: 'acme', id };
    }

    test('is a key that lasts and allows everything: others do not count', async () => {
      const last = await addKey();
      await addKey({ expiresAt: Date.now() + 60_000 });
      await addKey({ scopes: ['users:write'] });
      await addKey({ role: 'operator' });
      await addUser(null);
      await expect(stores().keys.revoke('acme', last, entry)).rejects.toMatchObject(refused);
      expect(await stores().keys.get('acme', last)).toMatchObject({ revokedAt: null });
    });

    test('may go when there is another key, or a user who can sign in', async () => {
      const [first, second] = [await addKey(), await addKey()];
      await stores().keys.revoke('acme', first, entry);
      await addUser(identity);
      await stores().keys.revoke('acme', second, entry);
      expect(await stores().keys.get('acme', second)).toMatchObject({ revokedAt: expect.any(Number) });
    });

    test('cannot be demoted, disabled, deleted, or left without a way in', async () => {
      const ana = await addUser(identity);
      const { users } = stores();
      for (const change of [{ role: 'operator' }, { isDisabled: true }, { identity: null }] as const) {
        await expect(users.change(ana, change, entry)).rejects.toMatchObject(refused);
      }
      await expect(users.remove('acme', ana.id, entry)).rejects.toMatchObject(refused);
      expect(await users.get('acme', ana.id)).toMatchObject({
        role: 'administrator',
        disabledAt: null,
        identity,
      });
    });

    test('stays when two remove each other at the same moment', async () => {
      const pair = [await addKey(), await addKey()];
      const tried = await Promise.allSettled(pair.map((id) => stores().keys.revoke('acme', id, entry)));
      expect(tried.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: refused }]);
    });

    test('of a tenant that has none keeps nobody from changing anything', async () => {
      const id = await addKey({ role: 'operator' });
      await expect(stores().keys.revoke('acme', id, entry)).resolves.toBeUndefined();
    });
  });
}
