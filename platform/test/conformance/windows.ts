import { describe, expect, test } from 'vitest';
import { windowKeyName, type StoredWindow } from '../../src/port/window-state-store.ts';
import { ids, makeRun, queue } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

function windowOf(sessionId: string, version: number, byte = version): StoredWindow {
  const key = {
    name: windowKeyName(sessionId),
    keyId: 'k1',
    nonce: Buffer.from([byte]),
    ciphertext: Buffer.from([1, byte]),
  };
  return { sessionId, key, stateNonce: Buffer.from([2, byte]), state: Buffer.from([3, byte]), version };
}

/** What browser windows of sessions keep. */
export function describeWindows(open: StoreFactory): void {
  describe('browser windows', () => {
    const stores = useStores(open);
    const session = async (): Promise<string> => {
      const run = makeRun();
      await queue(stores().runs, run);
      return run.sessionId;
    };

    test('come back as they were kept', async () => {
      const id = await session();
      const { windowStates: store } = stores();
      expect(await store.version('acme', id)).toBe(0);
      expect(await store.put('acme', windowOf(id, 1))).toBe(true);
      expect(await store.put('acme', windowOf(id, 2))).toBe(true);
      expect(await store.get('acme', id)).toEqual(windowOf(id, 2));
      expect(await store.version('acme', id)).toBe(2);
    });

    test('are not replaced by who has seen an older one', async () => {
      const id = await session();
      const { windowStates: store } = stores();
      await store.put('acme', windowOf(id, 1));
      await store.put('acme', windowOf(id, 2));
      expect(await store.put('acme', windowOf(id, 2, 9))).toBe(false);
      expect(await store.put('acme', windowOf(id, 1, 9))).toBe(false);
      expect(await store.get('acme', id)).toEqual(windowOf(id, 2));
    });

    test('are only those of sessions of the same tenant', async () => {
      const id = await session();
      const { windowStates: store } = stores();
      expect(await store.put('globex', windowOf(id, 1))).toBe(false);
      expect(await store.put('acme', windowOf(ids.create('session'), 1))).toBe(false);
      await store.put('acme', windowOf(id, 1));
      expect(await store.get('globex', id)).toBeUndefined();
      expect(await store.put('globex', windowOf(id, 2))).toBe(false);
    });

    test('go with their session', async () => {
      const run = makeRun();
      const { runs, sessions, windowStates: store } = stores();
      await queue(runs, run);
      await store.put('acme', windowOf(run.sessionId, 1));
      await runs.cancelUnstarted('acme', run.id);
      await sessions.delete('acme', run.sessionId);
      expect(await store.get('acme', run.sessionId)).toBeUndefined();
    });

    test('have keys that a rotation encrypts anew', async () => {
      const id = await session();
      const { windowStates: store, secrets } = stores();
      await store.put('acme', windowOf(id, 1));
      const from = windowOf(id, 1).key;
      expect(await secrets.sealedWithOthers('acme', 'k2', 100)).toContainEqual(from);
      await secrets.reseal('acme', [{ from, to: { ...from, keyId: 'k2', nonce: Buffer.from([7]) } }]);
      expect((await store.get('acme', id))?.key.keyId).toBe('k2');
      expect(await secrets.keysInUse()).toContainEqual({ tenantId: 'acme', keyId: 'k2', count: 1 });
    });
  });
}
