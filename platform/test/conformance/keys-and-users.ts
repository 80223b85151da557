import { describe, expect, test } from 'vitest';
import type { NewUser } from '../../src/port/user-store.ts';
import { makeKey } from './access.ts';
import { entry, ids } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const google = { issuer: 'https://id.example.com', subject: 'ana' };

function makeUser(changes: Partial<NewUser> = {}): NewUser {
  const id = ids.create('user');
  return { id, tenantId: 'acme', name: 'Ana', email: null, role: 'member', identity: null, ...changes };
}

/** Keys and users as those who look after them see them. */
export function describeKeysAndUsers(open: StoreFactory): void {
  describe('keys and users', () => {
    const stores = useStores(open);

    test('a rotated key and the new one both work until the old one ends', async () => {
      const { access, keys } = stores();
      const [old, made] = [makeKey(), makeKey()];
      await keys.add(old, entry);
      const until = Date.now() + 60_000;
      expect(await keys.rotate({ id: old.id, until }, made, entry)).toMatchObject({
        familyId: old.id,
        rotatedFrom: old.id,
      });
      expect(await access.findKey(old.hash)).toMatchObject({ familyId: old.id, expiresAt: until });
      expect(await access.findKey(made.hash)).toMatchObject({ id: made.id, familyId: old.id });
      expect(await keys.list('acme', { limit: 9 })).toMatchObject([{ id: made.id }, { replacedBy: made.id }]);
      const again = keys.rotate({ id: old.id, until }, makeKey(), entry);
      await expect(again).rejects.toMatchObject({ code: 'key-not-active' });
      await keys.rotate({ id: made.id, until: Date.now() - 1 }, makeKey(), entry);
      expect(await access.findKey(made.hash)).toBeUndefined();
    });

    test('of several who rotate a key at once one does', async () => {
      const old = makeKey();
      await stores().keys.add(old, entry);
      const rotate = () => stores().keys.rotate({ id: old.id, until: Date.now() + 60_000 }, makeKey(), entry);
      const tried = await Promise.allSettled([rotate(), rotate(), rotate()]);
      expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await stores().keys.list('acme', { limit: 9 })).toHaveLength(2);
    });

    /** A user with a key, a key that is over and one that was revoked; what became of them, and of a token of the user. */
    async function makeProofs() {
      const { access, keys, users } = stores();
      const user = makeUser({ role: 'operator' });
      await users.add(user, entry);
      const own = makeKey({ userId: user.id });
      const [expired, revoked] = [makeKey({ expiresAt: Date.now() - 1 }), makeKey()];
      for (const key of [own, expired, revoked]) await keys.add(key, entry);
      await keys.revoke('acme', revoked.id, entry);
      const token = {
        kind: 'token',
        hash: 't',
        userId: user.id,
        userRole: 'operator',
        expiresAt: 0,
      } as const;
      const hashes = [own.hash, expired.hash, revoked.hash, 'nothing'];
      const proofs = [...hashes.map((hash) => ({ kind: 'key' as const, hash })), token];
      const look = async () => {
        const found = await access.standings(proofs);
        return proofs.map(({ hash }) => found.get(hash));
      };
      return { user, look };
    }

    test('what became of keys, sessions and users of tokens is told in one look-up', async () => {
      const { user, look } = await makeProofs();
      const endings = async () => (await look()).map((standing) => standing?.ended);
      expect(await endings()).toEqual([null, 'key-expired', 'key-revoked', undefined, null]);
      const { users } = stores();
      await users.change({ tenantId: 'acme', id: user.id }, { isDisabled: true, role: 'viewer' }, entry);
      const [ofKey, , , , ofToken] = await look();
      const changed = { credential: { user: { isDisabled: true, role: 'viewer' } } };
      expect([ofKey, ofToken]).toMatchObject([changed, changed]);
      await users.remove('acme', user.id, entry);
      expect(await endings()).toEqual(['key-revoked', 'key-expired', 'key-revoked', undefined, undefined]);
    });

    test('a key stands and falls with its user', async () => {
      const { access, keys, users } = stores();
      const user = makeUser();
      await users.add(user, entry);
      const key = makeKey({ userId: user.id });
      await keys.add(key, entry);
      const standing = async () => (await access.findKey(key.hash))?.user;
      expect(await standing()).toEqual({ id: user.id, name: 'Ana', role: 'member', isDisabled: false });
      const target = { tenantId: 'acme', id: user.id };
      await users.change(target, { isDisabled: true }, entry);
      expect(await standing()).toMatchObject({ isDisabled: true });
      await users.change(target, { isDisabled: false, role: 'viewer' }, entry);
      expect(await standing()).toMatchObject({ isDisabled: false, role: 'viewer' });
      await users.remove('acme', user.id, entry);
      expect(await standing()).toBeUndefined();
      expect(await keys.get('acme', key.id)).toMatchObject({ revokedAt: expect.any(Number) });
    });

    test('a user who is disabled or removed is signed out everywhere', async () => {
      const { access, users } = stores();
      const user = makeUser();
      await users.add(user, entry);
      const later = Date.now() + 60_000;
      const session = {
        tenantId: 'acme',
        userId: user.id,
        name: 'Ana',
        role: 'member',
        scopes: ['*'],
      } as const;
      await access.addBrowserSession({ ...session, hash: 's', expiresAt: later, endsAt: later }, entry);
      await users.change({ tenantId: 'acme', id: user.id }, { isDisabled: true }, entry);
      await users.change({ tenantId: 'acme', id: user.id }, { isDisabled: false }, entry);
      expect(await access.findBrowserSession('s')).toBeUndefined();
    });

    test('who an identity provider knows is one user of each tenant', async () => {
      const { access, users } = stores();
      const ana = makeUser({ identity: google });
      await users.add(ana, entry);
      const taken = { code: 'identity-taken', data: { id: ana.id } };
      await expect(users.add(makeUser({ identity: google }), entry)).rejects.toMatchObject(taken);
      const bob = makeUser();
      await users.add(bob, entry);
      const stealing = users.change({ tenantId: 'acme', id: bob.id }, { identity: google }, entry);
      await expect(stealing).rejects.toMatchObject(taken);
      await access.ensureTenant('other', 'Other');
      await users.add(makeUser({ tenantId: 'other', identity: google }), entry);
      expect((await users.find('acme', google)).user).toMatchObject({ id: ana.id, identity: google });
      expect((await users.find('acme', { ...google, subject: 'eva' })).user).toBeUndefined();
    });

    test('changing one thing of a user leaves the others', async () => {
      const user = makeUser({ email: 'ana@example.com', identity: google });
      await stores().users.add(user, entry);
      const target = { tenantId: 'acme', id: user.id };
      const changed = await stores().users.change(target, { name: 'Anna' }, entry);
      expect(changed).toMatchObject({
        name: 'Anna',
        email: 'ana@example.com',
        identity: google,
        role: 'member',
      });
      const emptied = await stores().users.change(target, { email: null, identity: null }, entry);
      expect(emptied).toMatchObject({ name: 'Anna', email: null, identity: null });
    });

    test('a tenant is closed and opened, and its keys with it', async () => {
      const { access, keys, tenants } = stores();
      const key = makeKey();
      await keys.add(key, entry);
      await tenants.setDisabled('acme', true, entry);
      expect(await access.findKey(key.hash)).toMatchObject({ isTenantDisabled: true });
      expect(await tenants.list({ limit: 9 })).toMatchObject([
        { id: 'acme', disabledAt: expect.any(Number) },
      ]);
      await tenants.setDisabled('acme', false, entry);
      expect(await access.findKey(key.hash)).toMatchObject({ isTenantDisabled: false });
      const unknown = tenants.setDisabled('nobody', true, entry);
      await expect(unknown).rejects.toMatchObject({ code: 'tenant-unknown' });
    });

    test('a tenant comes with the key of its administrator, and its id is taken once', async () => {
      const { access, tenants } = stores();
      const key = makeKey({ tenantId: 'newer', role: 'administrator' });
      const made = await tenants.add({ id: 'newer', name: 'Newer' }, key, entry);
      expect(made).toMatchObject({ tenant: { id: 'newer' }, key: { id: key.id, tenantId: 'newer' } });
      expect(await access.findKey(key.hash)).toMatchObject({ tenantId: 'newer' });
      const again = makeKey({ tenantId: 'newer' });
      await expect(tenants.add({ id: 'newer', name: 'Newer' }, again, entry)).rejects.toMatchObject({
        code: 'tenant-exists',
      });
      expect(await access.findKey(again.hash)).toBeUndefined();
      const first = await tenants.list({ limit: 1 });
      expect(await tenants.list({ after: first[0]?.id ?? '', limit: 9 })).toMatchObject([{ id: 'newer' }]);
    });
  });
}
