import { describe, expect, test } from 'vitest';
import { ids, makeRun, queue } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

/** Which disk has the files of a session. */
export function describeWorkspaces(open: StoreFactory): void {
  describe('workspaces', () => {
    const stores = useStores(open);
    const session = async (): Promise<string> => {
      const run = makeRun();
      await queue(stores().runs, run);
      return run.sessionId;
    };

    test('stay at the place that was first to have them', async () => {
      const id = await session();
      const { workspaceStore: store } = stores();
      const places = await Promise.all(
        ['here', 'there', 'here'].map((place) => store.settle('acme', id, place)),
      );
      expect(new Set(places).size).toBe(1);
      expect(await store.settle('acme', id, 'elsewhere')).toBe(places[0]);
      expect(await store.settle('acme', await session(), 'elsewhere')).toBe('elsewhere');
    });

    test('are only those of sessions of the same tenant', async () => {
      const id = await session();
      const { workspaceStore: store } = stores();
      const unknown = { code: 'session-unknown' };
      await expect(store.settle('globex', id, 'here')).rejects.toMatchObject(unknown);
      await expect(store.settle('acme', ids.create('session'), 'here')).rejects.toMatchObject(unknown);
      await store.settle('acme', id, 'here');
      await expect(store.settle('globex', id, 'there')).rejects.toMatchObject(unknown);
    });

    test('are known to be over when their sessions are deleted', async () => {
      const run = makeRun();
      const { runs, sessions, workspaceStore: store } = stores();
      await queue(runs, run);
      const other = await session();
      await store.settle('acme', run.sessionId, 'here');
      expect((await store.existing('acme', [run.sessionId, other, 'ses_none'])).toSorted()).toEqual(
        [run.sessionId, other].toSorted(),
      );
      expect(await store.existing('globex', [run.sessionId])).toEqual([]);
      await runs.cancelUnstarted('acme', run.id);
      await sessions.delete('acme', run.sessionId);
      expect(await store.existing('acme', [run.sessionId, other])).toEqual([other]);
      expect(await store.existing('acme', [])).toEqual([]);
    });
  });
}
