import { describe, expect, test } from 'vitest';
import type { Lease } from '../../src/port/run-record.ts';
import { makeTurn, queue, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const lost = { code: 'lease-lost' };

/** Leases: a worker that has lost one changes nothing any more. */
export function describeFencing(open: StoreFactory): void {
  describe('fencing', () => {
    const stores = useStores(open);

    async function takeOver(runId: string) {
      await stores().runs.heartbeat('worker-1', -1);
      await stores().runs.heartbeat('worker-2', 60_000);
      const [claimed] = await stores().runs.claim('worker-2', { limit: 1, runIds: [runId] });
      if (!claimed) throw new TypeError('nothing was claimed');
      return claimed.lease;
    }

    /** Commits one event after the other; the place of the last one when the lease is lost. */
    async function commitUntilLost(lease: Lease): Promise<number> {
      for (let seq = 2; ; seq += 1) {
        const [commit] = await Promise.allSettled([stores().runs.commit(makeTurn(lease, seq))]);
        if (commit.status === 'rejected') return seq - 1;
      }
    }

    async function claimUntilHeld(runId: string): Promise<Lease> {
      for (;;) {
        const [claimed] = await stores().runs.claim('worker-2', { limit: 1, runIds: [runId] });
        if (claimed) return claimed.lease;
      }
    }

    test('a commit with an old epoch changes nothing', async () => {
      const old = await start(stores().runs);
      const lease = await takeOver(old.runId);
      const before = await stores().runs.get('acme', old.runId);
      const settlements = [{ callId: 'call-1', outcome: 'succeeded' }];
      await expect(stores().runs.commit(makeTurn(old, 2))).rejects.toMatchObject(lost);
      await expect(stores().runs.commit(makeTurn(old, 2, { settlements }))).rejects.toMatchObject(lost);
      expect(await stores().runs.get('acme', old.runId)).toEqual(before);
      expect(await stores().events.read('acme', old.sessionId, { afterSeq: 1, limit: 9 })).toEqual([]);
      await expect(stores().runs.commit(makeTurn(lease, 2))).resolves.toMatchObject({ outcome: 'committed' });
    });

    test('a commit to a run that has ended changes nothing', async () => {
      const lease = await start(stores().runs);
      const end = makeTurn(lease, 2, { run: { ...makeTurn(lease, 2).run, status: 'cancelled' } });
      await stores().runs.commit(end);
      await expect(stores().runs.commit(makeTurn(lease, 3))).rejects.toMatchObject(lost);
    });

    test('a commit whose place in the log is taken changes nothing', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2));
      await expect(stores().runs.commit(makeTurn(lease, 2))).rejects.toMatchObject(lost);
      expect(await stores().events.read('acme', lease.sessionId, { afterSeq: 0, limit: 9 })).toHaveLength(2);
    });

    test('of several leases those that are abandoned can be taken at once, and only those', async () => {
      const [kept, given, other] = [
        await start(stores().runs),
        await start(stores().runs),
        await start(stores().runs),
      ];
      const former = { runId: other.runId, epoch: other.epoch - 1 };
      await stores().runs.abandon('worker-1', [given, former]);
      await stores().runs.heartbeat('worker-2', 60_000);
      const claimed = await stores().runs.claim('worker-2', { limit: 9 });
      expect(claimed.map(({ lease }) => lease.runId)).toEqual([given.runId]);
      await expect(stores().runs.commit(makeTurn(given, 2))).rejects.toMatchObject(lost);
      await expect(stores().runs.commit(makeTurn(kept, 2))).resolves.toMatchObject({ outcome: 'committed' });
    });

    test('leases of another worker are not abandoned', async () => {
      const lease = await start(stores().runs);
      await stores().runs.abandon('worker-2', [lease]);
      await stores().runs.heartbeat('worker-2', 60_000);
      expect(await stores().runs.claim('worker-2', { limit: 9, runIds: [lease.runId] })).toEqual([]);
    });

    test('an expired lease that nobody took still writes', async () => {
      const lease = await start(stores().runs);
      await stores().runs.heartbeat('worker-1', -1);
      await expect(stores().runs.commit(makeTurn(lease, 2))).resolves.toMatchObject({ outcome: 'committed' });
    });

    test('of a take-over and commits of the old worker at the same time, the log has one order', async () => {
      const old = await start(stores().runs);
      await stores().runs.heartbeat('worker-1', -1);
      await stores().runs.heartbeat('worker-2', 60_000);
      const [last, lease] = await Promise.all([commitUntilLost(old), claimUntilHeld(old.runId)]);
      const log = await stores().events.read('acme', old.sessionId, { afterSeq: 0, limit: 1000 });
      expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
      expect(log).toHaveLength(last);
      await stores().runs.commit(makeTurn(lease, last + 1));
    });

    test('a run goes through many workers with a growing epoch', async () => {
      const { run } = await queue(stores().runs);
      for (let epoch = 1; epoch <= 5; epoch += 1) {
        const [claimed] = await stores().runs.claim('worker-1', { limit: 1, runIds: [run.id] });
        expect(claimed?.lease.epoch).toBe(epoch);
        await stores().runs.retire('worker-1');
      }
    });
  });
}
