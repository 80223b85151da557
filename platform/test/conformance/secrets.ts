import { describe, expect, test } from 'vitest';
import { KeyRing } from '../../src/domain/secret/key-ring.ts';
import type { SealedSecret } from '../../src/port/secret-store.ts';
import { makeEntry } from './audit.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const [first, second] = [
  new KeyRing([new Uint8Array(32).fill(1)]),
  new KeyRing([new Uint8Array(32).fill(2)]),
];
const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** Encrypted secrets. */
export function describeSecrets(open: StoreFactory): void {
  describe('secrets', () => {
    const stores = useStores(open);
    const seal = (name: string, ring = first, value = `value of ${name}`): SealedSecret =>
      ring.seal({ tenantId: 'acme', name }, value, randomBytes);
    const put = (name: string, ring = first, tenantId = 'acme') =>
      stores().secrets.put(
        tenantId,
        { ...seal(name, ring), updatedBy: 'ana' },
        makeEntry({ action: 'secret-set', target: name }),
      );

    test('come back as they were put', async () => {
      await put('weather');
      const stored = await stores().secrets.get('acme', 'weather');
      expect(stored && first.open('acme', stored)).toBe('value of weather');
      expect(await stores().secrets.get('acme', 'nothing')).toBeUndefined();
    });

    test('are replaced by name, and listed by name', async () => {
      for (const name of ['b', 'a', 'c', 'a']) await put(name);
      const names = async (page: object) =>
        (await stores().secrets.list('acme', { limit: 9, ...page })).map(({ name }) => name);
      expect(await names({})).toEqual(['a', 'b', 'c']);
      expect(await names({ after: 'a', limit: 1 })).toEqual(['b']);
      expect((await stores().secrets.sealed('acme', 2)).map(({ name }) => name)).toEqual(['a', 'b']);
    });

    test('are recorded in the audit log when they are set and deleted, and only then', async () => {
      await put('weather');
      await put('weather', second);
      expect(await stores().secrets.delete('acme', 'weather', makeEntry({ action: 'secret-deleted' }))).toBe(
        true,
      );
      expect(await stores().secrets.delete('acme', 'weather', makeEntry({ action: 'secret-deleted' }))).toBe(
        false,
      );
      const rows = await stores().audits.read('acme', { after: 0, limit: 9 });
      expect(rows.map(({ action, before }) => [action, before])).toEqual([
        ['secret-set', null],
        ['secret-set', `{"key_id":"${first.currentId}"}`],
        ['secret-deleted', null],
      ]);
    });

    test('tell which keys are in use by whom', async () => {
      await put('a');
      await put('b', second);
      await put('a', first, 'other');
      const use = (tenantId: string, { currentId: keyId = '' }: KeyRing) => ({ tenantId, keyId, count: 1 });
      const found = await stores().secrets.keysInUse();
      expect(new Set(found)).toEqual(new Set([use('acme', first), use('acme', second), use('other', first)]));
    });

    test('are encrypted anew unless they were changed meanwhile', async () => {
      await put('a');
      await put('b');
      const old = await stores().secrets.sealedWithOthers('acme', second.currentId ?? '', 9);
      await put('b');
      await stores().secrets.reseal(
        'acme',
        old.map((from) => ({ from, to: seal(from.name, second) })),
      );
      const keys = (await stores().secrets.sealed('acme', 9)).map(({ keyId }) => keyId);
      expect(keys).toEqual([second.currentId, first.currentId]);
    });

    test('of one tenant are nothing to another', async () => {
      await put('weather');
      expect(await stores().secrets.get('other', 'weather')).toBeUndefined();
      expect(await stores().secrets.list('other', { limit: 9 })).toEqual([]);
      expect(await stores().secrets.delete('other', 'weather', makeEntry())).toBe(false);
      expect(await stores().secrets.get('acme', 'weather')).toBeDefined();
    });

    test('show the role for work over all tenants nothing but the ids of their keys', async () => {
      const client = await stores().engine.connect();
      for (const column of ['name', 'nonce', 'ciphertext', '*']) {
        await client.query('begin; set local role batuta_system');
        await expect(client.query(`select ${column} from secrets`)).rejects.toThrow(/permission denied/);
        await client.query('rollback');
      }
      for (const column of ['secret_ciphertext', 'previous_secret_ciphertext', 'secret_nonce']) {
        await client.query('begin; set local role batuta_system');
        await expect(client.query(`select ${column} from webhooks`)).rejects.toThrow(/permission denied/);
        await client.query('rollback');
      }
      client.release();
    });
  });
}
