import { describe, expect, test } from 'vitest';
import { KeyRing } from '../../src/domain/secret/key-ring.ts';
import {
  clientSecretName,
  grantSecretName,
  requestSecretName,
  type AuthorizationRequest,
  type NewGrant,
} from '../../src/port/grant-store.ts';
import type { SealedSecret } from '../../src/port/secret-store.ts';
import { makeEntry } from './audit.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const [first, second] = [
  new KeyRing([new Uint8Array(32).fill(1)]),
  new KeyRing([new Uint8Array(32).fill(2)]),
];
const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

const nobody = { tenantId: 'acme', userId: null };
const granted = makeEntry({ action: 'authorization-granted' });

function seal(name: string, value = 'tokens', ring = first): SealedSecret {
  return ring.seal({ tenantId: 'acme', name }, value, randomBytes);
}

function newGrant(id: string, change: Partial<NewGrant> = {}): NewGrant {
  const sealed = seal(grantSecretName(id));
  return {
    ...nobody,
    id,
    service: 'mcp:tickets',
    scopes: ['read'],
    sealed,
    expiresAt: 1_800_000_000_000,
    ...change,
  };
}

function request(hash: string, lifeMs = 60_000): AuthorizationRequest {
  const expiresAt = Date.now() + lifeMs;
  return { ...nobody, hash, service: 'mcp:tickets', sealed: seal(requestSecretName(hash)), expiresAt };
}

/** Consents of people at services elsewhere. */
export function describeGrants(open: StoreFactory): void {
  describe('grants', () => {
    const stores = useStores(open);
    const store = () => stores().grants;

    test('come back as they were put, one of each owner and service', async () => {
      await store().put(newGrant('grt_1'), granted);
      const stored = await store().get(nobody, 'mcp:tickets');
      expect(stored).toMatchObject({
        id: 'grt_1',
        scopes: ['read'],
        version: 1,
        expiresAt: 1_800_000_000_000,
      });
      expect(stored && first.open('acme', stored.sealed)).toBe('tokens');
      await store().put(newGrant('grt_2', { expiresAt: null }), granted);
      expect(await store().list('acme', { limit: 9 })).toMatchObject([{ id: 'grt_2', expiresAt: null }]);
      expect(await store().get(nobody, 'mcp:wiki')).toBeUndefined();
    });

    test('of a user are not those of nobody', async () => {
      const identity = { id: 'usr_1', tenantId: 'acme', name: 'Ana', email: null, role: 'member' as const };
      await stores().users.add({ ...identity, identity: null }, makeEntry({ action: 'user-created' }));
      await store().put(newGrant('grt_1'), granted);
      await store().put(newGrant('grt_2', { userId: 'usr_1' }), granted);
      expect(await store().get({ tenantId: 'acme', userId: 'usr_1' }, 'mcp:tickets')).toMatchObject({
        id: 'grt_2',
      });
      expect(await store().list('acme', { userId: null, limit: 9 })).toMatchObject([{ id: 'grt_1' }]);
      expect(await store().list('acme', { userId: 'usr_1', limit: 9 })).toMatchObject([{ id: 'grt_2' }]);
      await stores().users.remove('acme', 'usr_1', makeEntry({ action: 'user-removed' }));
      expect(await store().list('acme', { limit: 9 })).toMatchObject([{ id: 'grt_1' }]);
    });

    test('are renewed by one of many who want to', async () => {
      const grant = await store().put(newGrant('grt_1'), granted);
      const claims = await Promise.all(Array.from({ length: 20 }, () => store().claimRenewal(grant, 60_000)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      const renewal = { sealed: seal(grantSecretName('grt_1'), 'newer'), expiresAt: null, scopes: [] };
      expect(await store().renewed(grant, renewal)).toBe(true);
      expect(await store().renewed(grant, renewal)).toBe(false);
      expect(await store().claimRenewal(grant, 60_000)).toBe(false);
      const now = await store().get(nobody, 'mcp:tickets');
      expect(now).toMatchObject({ version: 2, expiresAt: null, scopes: [] });
      expect(now && first.open('acme', now.sealed)).toBe('newer');
    });

    test('may be renewed by another when who wanted to has died or given up', async () => {
      const grant = await store().put(newGrant('grt_1'), granted);
      expect(await store().claimRenewal(grant, -1)).toBe(true);
      expect(await store().claimRenewal(grant, 60_000)).toBe(true);
      expect(await store().claimRenewal(grant, 60_000)).toBe(false);
      await store().releaseRenewal(grant);
      expect(await store().claimRenewal(grant, 60_000)).toBe(true);
    });

    test('are deleted once, and not when they were renewed meanwhile', async () => {
      await store().put(newGrant('grt_1'), granted);
      const entry = makeEntry({ action: 'authorization-revoked' });
      expect(await store().delete({ tenantId: 'acme', id: 'grt_1', version: 7 }, entry)).toBe(false);
      expect(await store().delete({ tenantId: 'acme', id: 'grt_1' }, entry)).toBe(true);
      expect(await store().delete({ tenantId: 'acme', id: 'grt_1' }, entry)).toBe(false);
    });

    test('that are asked for are given once, in time, and to the tenant only', async () => {
      await store().ask(request('late', -1));
      await store().ask(request('h'));
      expect(await store().asked(nobody, 'mcp:tickets', 30_000)).toMatchObject({ hash: 'h' });
      expect(await store().asked(nobody, 'mcp:tickets', 90_000)).toBeUndefined();
      expect(await store().take('acme', 'late')).toBeUndefined();
      expect(await store().take('other', 'h')).toBeUndefined();
      expect(await store().peek('acme', 'h')).toMatchObject({ hash: 'h', userId: null });
      const taken = await Promise.all([store().take('acme', 'h'), store().take('acme', 'h')]);
      expect(taken.filter((each) => each !== undefined)).toHaveLength(1);
    });

    test('and the clients that they were given to are encrypted anew with the secrets', async () => {
      await store().put(newGrant('grt_1'), granted);
      const name = clientSecretName('mcp:tickets', 'https://id.example.com');
      const target = { tenantId: 'acme', service: 'mcp:tickets', issuer: 'https://id.example.com' };
      await store().putClient(target, seal(name, 'client'));
      expect(await stores().secrets.keysInUse()).toMatchObject([{ tenantId: 'acme', count: 2 }]);
      const old = await stores().secrets.sealedWithOthers('acme', second.currentId ?? '', 9);
      const pairs = old.map((from) => ({ from, to: seal(from.name, first.open('acme', from), second) }));
      await stores().secrets.reseal('acme', pairs);
      const client = await store().client('acme', 'mcp:tickets', 'https://id.example.com');
      const grant = await store().get(nobody, 'mcp:tickets');
      expect(client && second.open('acme', client)).toBe('client');
      expect(grant && second.open('acme', grant.sealed)).toBe('tokens');
    });
  });
}
