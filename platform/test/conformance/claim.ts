import { describe, expect, test } from 'vitest';
import { end, makeNextRun, makeRun, makeTurn, queue, running, start, started } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

/** Taking runs: each by one worker, in order, also those that another worker lost. */
export function describeClaim(open: StoreFactory): void {
  describe('claim', () => {
    const stores = useStores(open);

    test('takes the oldest queued runs, with their definition', async () => {
      const first = makeRun();
      const second = makeRun({ tenantId: 'other' });
      await queue(stores().runs, first);
      await queue(stores().runs, second);
      await queue(stores().runs);
      const claimed = await stores().runs.claim('worker-1', { limit: 2 });
      expect(claimed.map(({ run }) => run.id)).toEqual([first.id, second.id]);
      expect(claimed[1]).toMatchObject({
        lease: { tenantId: 'other', runId: second.id, workerId: 'worker-1', epoch: 1 },
        run: { status: 'running' },
        definition: { name: 'assistant' },
        previousStatus: 'queued',
        previousEpoch: 0,
      });
    });

    test('takes nothing twice', async () => {
      await queue(stores().runs);
      expect(await stores().runs.claim('worker-1', { limit: 10 })).toHaveLength(1);
      await stores().runs.heartbeat('worker-2', 60_000);
      expect(await stores().runs.claim('worker-2', { limit: 10 })).toEqual([]);
    });

    test('takes only the runs of a list', async () => {
      const wanted = makeRun();
      await queue(stores().runs);
      await queue(stores().runs, wanted);
      const claimed = await stores().runs.claim('worker-1', { limit: 10, runIds: [wanted.id] });
      expect(claimed.map(({ run }) => run.id)).toEqual([wanted.id]);
    });

    test('takes the runs of one session one after the other', async () => {
      const first = makeRun();
      await queue(stores().runs, first);
      const second = makeNextRun(first.sessionId);
      await queue(stores().runs, second);
      const [claimed] = await stores().runs.claim('worker-1', { limit: 10 });
      expect(claimed?.run.id).toBe(first.id);
      expect(await stores().runs.claim('worker-1', { limit: 10, runIds: [second.id] })).toEqual([]);
      if (claimed) await end(stores().runs, claimed.lease, 1);
      const next = await stores().runs.claim('worker-1', { limit: 10 });
      expect(next.map(({ run }) => run.id)).toEqual([second.id]);
    });

    test('leaves a session alone while its run waits', async () => {
      const lease = await start(stores().runs);
      const waiting = { ...running, status: 'waiting' as const, waitingFor: 'input' as const };
      await stores().runs.commit(makeTurn(lease, 2, { run: waiting }));
      await queue(stores().runs, makeNextRun(lease.sessionId));
      expect(await stores().runs.claim('worker-1', { limit: 10 })).toEqual([]);
    });

    test('takes a waiting run when its time has come, not before', async () => {
      const due = await start(stores().runs);
      const later = await start(stores().runs);
      const wait = (wakeAt: number) => ({
        ...running,
        status: 'waiting' as const,
        waitingFor: 'timer' as const,
        wakeAt,
      });
      await stores().runs.commit(makeTurn(due, 2, { run: wait(Date.now() - 1000) }));
      await stores().runs.commit(makeTurn(later, 2, { run: wait(Date.now() + 3_600_000) }));
      const claimed = await stores().runs.claim('worker-1', { limit: 10 });
      expect(claimed).toMatchObject([
        {
          lease: { runId: due.runId, epoch: 2 },
          previousStatus: 'waiting',
          run: { waitingFor: null, wakeAt: null },
        },
      ]);
    });

    test('takes over the runs of a worker whose heartbeat has expired', async () => {
      const lease = await start(stores().runs);
      await stores().runs.heartbeat('worker-2', 60_000);
      expect(await stores().runs.claim('worker-2', { limit: 10 })).toEqual([]);
      await stores().runs.heartbeat('worker-1', -1);
      const claimed = await stores().runs.claim('worker-2', { limit: 10 });
      expect(claimed).toMatchObject([
        {
          lease: { runId: lease.runId, workerId: 'worker-2', epoch: 2 },
          previousStatus: 'running',
          previousEpoch: 1,
        },
      ]);
    });

    test('takes over the runs of a worker that is unknown, or has retired', async () => {
      const unknown = { start: { workerId: 'worker-9', events: [started] }, queueLimit: 10 };
      await stores().runs.accept(makeRun(), unknown);
      await start(stores().runs);
      await stores().runs.retire('worker-1');
      await stores().runs.heartbeat('worker-2', 60_000);
      expect(await stores().runs.claim('worker-2', { limit: 10 })).toHaveLength(2);
    });

    test('expires the leases of all other workers at once', async () => {
      await start(stores().runs);
      await stores().runs.heartbeat('worker-2', 60_000);
      await stores().runs.retireAllBut('worker-2');
      expect(await stores().runs.claim('worker-2', { limit: 10 })).toHaveLength(1);
    });

    test('tells a worker in its heartbeat which runs it holds', async () => {
      const lease = await start(stores().runs);
      const lost = await start(stores().runs);
      const target = { tenantId: 'acme', runId: lease.runId };
      const cancel = { kind: 'cancel' as const, data: { reason: '', cancelledBy: 'a person' } };
      await stores().runs.signal(target, cancel, { allowed: ['running'], action: 'cancelling' });
      await end(stores().runs, lost, 2);
      expect(await stores().runs.heartbeat('worker-1', 60_000)).toEqual({
        held: [{ runId: lease.runId, epoch: 1, signalsPending: true }],
      });
    });

    test('eight claimers at once never share a run', async () => {
      for (let index = 0; index < 200; index += 1) await queue(stores().runs);
      for (let index = 0; index < 8; index += 1) await stores().runs.heartbeat(`worker-${index}`, 60_000);
      const claimers = Array.from({ length: 8 }, async (_, index) => {
        const taken: string[] = [];
        for (;;) {
          const claimed = await stores().runs.claim(`worker-${index}`, { limit: 5 });
          taken.push(...claimed.map(({ run }) => run.id));
          if (claimed.length === 0) return taken;
        }
      });
      const taken = (await Promise.all(claimers)).flat();
      while (taken.length < 200) {
        const rest = await stores().runs.claim('worker-1', { limit: 50 });
        if (rest.length === 0) break;
        taken.push(...rest.map(({ run }) => run.id));
      }
      expect(taken).toHaveLength(200);
      expect(new Set(taken).size).toBe(200);
    });
  });
}
