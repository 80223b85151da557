import { describe, expect, test } from 'vitest';
import type { Signal } from '../../src/port/run-record.ts';
import { ids, makeNextRun, makeRun, makeTurn, queue, running, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const live = { allowed: ['queued', 'running', 'waiting'] as const, action: 'sending a message' };
const waiting = { ...running, status: 'waiting' as const, waitingFor: 'input' as const };
const succeeded = { ...running, status: 'succeeded' as const };

function message(text: string): Signal {
  return { kind: 'message', data: { messageId: ids.create('message'), parts: [{ type: 'text', text }] } };
}

/** Signals: what others leave for the one writer of a log, and what must not be lost. */
export function describeSignals(open: StoreFactory): void {
  describe('signals', () => {
    const stores = useStores(open);
    const leave = (runId: string, signal: Signal, rule: Parameters<typeof send>[2] = live) =>
      send(runId, signal, rule);
    function send(
      runId: string,
      signal: Signal,
      rule: { allowed: readonly ('queued' | 'running' | 'waiting' | 'failed')[]; action: string },
    ) {
      return stores().runs.signal({ tenantId: 'acme', runId }, signal, rule);
    }

    test('are read in order of arrival and stay until a commit takes them', async () => {
      const lease = await start(stores().runs);
      await leave(lease.runId, message('a'));
      await leave(lease.runId, message('b'));
      const signals = await stores().runs.signals(lease);
      expect(signals.map((signal) => signal.data)).toMatchObject([
        { parts: [{ text: 'a' }] },
        { parts: [{ text: 'b' }] },
      ]);
      const receipt = await stores().runs.commit(makeTurn(lease, 2, { signalsTakenTo: signals[0]?.id ?? 0 }));
      expect(receipt).toMatchObject({ signalsPending: true });
      expect(await stores().runs.signals(lease)).toEqual(signals.slice(1));
    });

    test('make a waiting run claimable', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2, { run: waiting }));
      const run = await leave(lease.runId, message('a'));
      expect(run).toMatchObject({ status: 'queued', waitingFor: null });
      expect(await stores().runs.claim('worker-1', { limit: 1 })).toMatchObject([
        { lease: { runId: lease.runId, epoch: 2 } },
      ]);
    });

    test('that arrive before a run waits make it queued instead', async () => {
      const lease = await start(stores().runs);
      await leave(lease.runId, message('a'));
      const receipt = await stores().runs.commit(
        makeTurn(lease, 2, { run: { ...waiting, wakeAt: Date.now() + 1e6 } }),
      );
      expect(receipt).toMatchObject({ status: 'queued', signalsPending: true });
      expect(await stores().runs.get('acme', lease.runId)).toMatchObject({
        status: 'queued',
        waitingFor: null,
        wakeAt: null,
      });
    });

    test('that wait keep a run from succeeding, and nothing is written', async () => {
      const lease = await start(stores().runs);
      await leave(lease.runId, message('a'));
      const finish = makeTurn(lease, 2, { run: succeeded });
      expect(await stores().runs.commit(finish)).toEqual({ outcome: 'signals-first' });
      expect(await stores().events.read('acme', lease.sessionId, { afterSeq: 1, limit: 9 })).toEqual([]);
      const [signal] = await stores().runs.signals(lease);
      const taken = await stores().runs.commit({ ...finish, signalsTakenTo: signal?.id ?? 0 });
      expect(taken).toMatchObject({ outcome: 'committed', status: 'succeeded' });
    });

    test('are refused in the wrong state, and for an unknown run', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2, { run: succeeded }));
      await expect(leave(lease.runId, message('a'))).rejects.toMatchObject({
        code: 'run-state-conflict',
        data: { status: 'succeeded', action: 'sending a message', needed: 'queued or running or waiting' },
      });
      await expect(leave(ids.create('run'), message('a'))).rejects.toMatchObject({ code: 'run-unknown' });
    });

    test('of a retry queue a failed run behind the others of its session', async () => {
      const lease = await start(stores().runs);
      const error = { code: 'internal', message: 'x' };
      await stores().runs.commit(makeTurn(lease, 2, { run: { ...running, status: 'failed', error } }));
      const next = makeNextRun(lease.sessionId);
      await queue(stores().runs, next);
      const retry: Signal = { kind: 'retry', data: { requestedBy: 'a person' } };
      const run = await leave(lease.runId, retry, { allowed: ['failed'], action: 'a retry' });
      expect(run).toMatchObject({ status: 'queued', error: null, endedAt: null, startedSeq: 1 });
      const claimed = await stores().runs.claim('worker-1', { limit: 10 });
      expect(claimed.map((one) => one.run.id)).toEqual([next.id]);
    });

    test('tell a waiting parent that its child ended, in the commit that ends it', async () => {
      const parent = await start(stores().runs);
      const child = makeRun({ parent: { runId: parent.runId, callId: 'call-1' } });
      await stores().runs.commit(makeTurn(parent, 2, { run: waiting, children: [child] }));
      const [claimed] = await stores().runs.claim('worker-1', { limit: 1 });
      if (!claimed) throw new TypeError('the child was not claimed');
      const data = { callId: 'call-1', runId: child.id, status: 'succeeded' as const, text: 'Done' };
      const parentSignal = { runId: parent.runId, signal: { kind: 'child-ended' as const, data } };
      await stores().runs.commit(makeTurn(claimed.lease, 1, { run: succeeded, parentSignal }));
      expect(await stores().runs.get('acme', parent.runId)).toMatchObject({ status: 'queued' });
      expect(await stores().runs.signals(parent)).toMatchObject([{ kind: 'child-ended', data }]);
    });

    test('tell a waiting parent that its child was cancelled before it began', async () => {
      const parent = await start(stores().runs);
      const child = makeRun({ parent: { runId: parent.runId, callId: 'call-1' } });
      await stores().runs.commit(makeTurn(parent, 2, { run: waiting, children: [child] }));
      expect(await stores().runs.cancelUnstarted('acme', child.id)).toEqual({ webhooks: [] });
      expect(await stores().runs.signals(parent)).toMatchObject([
        { kind: 'child-ended', data: { callId: 'call-1', runId: child.id, status: 'cancelled' } },
      ]);
    });

    test('are not needed to cancel a run that nobody began', async () => {
      const { run } = await queue(stores().runs);
      expect(await stores().runs.cancelUnstarted('acme', run.id)).toEqual({ webhooks: [] });
      expect(await stores().runs.cancelUnstarted('acme', run.id)).toBeNull();
      expect(await stores().runs.get('acme', run.id)).toMatchObject({ status: 'cancelled' });
      const begun = await start(stores().runs);
      expect(await stores().runs.cancelUnstarted('acme', begun.runId)).toBeNull();
      expect(await stores().runs.claim('worker-2', { limit: 9, runIds: [run.id] })).toEqual([]);
    });

    test('left while commits go on are all counted', async () => {
      const lease = await start(stores().runs);
      const leaving = Array.from({ length: 20 }, (_, index) => leave(lease.runId, message(`${index}`)));
      let taken = 0;
      for (let seq = 2; taken < 20; seq += 1) {
        const signals = await stores().runs.signals(lease);
        taken += signals.length;
        await stores().runs.commit(makeTurn(lease, seq, { signalsTakenTo: signals.at(-1)?.id ?? 0 }));
      }
      await Promise.all(leaving);
      const log = await stores().events.read('acme', lease.sessionId, { afterSeq: 0, limit: 1000 });
      const end = await stores().runs.commit(makeTurn(lease, log.length + 1, { run: succeeded }));
      expect(end).toMatchObject({ status: 'succeeded', signalsPending: false });
    });
  });
}
