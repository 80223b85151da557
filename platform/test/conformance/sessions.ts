import { describe, expect, test } from 'vitest';
import { end, ids, makeNextRun, makeRun, makeTurn, note, queue, running, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const compaction = (keptFromSeq: number) => ({
  kind: 'history-compacted' as const,
  data: {
    summary: 'so far \u0000',
    kept_from_seq: keptFromSeq,
    method: 'excerpt' as const,
    tokens_before: 10,
    tokens_after: 5,
  },
});

/** Sessions: listed, deleted with all that is theirs, forked, folded from where it matters. */
export function describeSessions(open: StoreFactory): void {
  describe('sessions', () => {
    const stores = useStores(open);
    const read = (sessionId: string) => stores().events.read('acme', sessionId, { afterSeq: 0, limit: 100 });

    test('are listed newest first, page by page', async () => {
      const runs = [makeRun(), makeRun(), makeRun()];
      for (const run of runs) await queue(stores().runs, run);
      const [first, second, third] = runs.map((run) => run.sessionId);
      const page = await stores().sessions.list('acme', { limit: 2 });
      expect(page.map((session) => session.id)).toEqual([third, second]);
      const rest = await stores().sessions.list('acme', { limit: 2, before: second ?? '' });
      expect(rest.map((session) => session.id)).toEqual([first]);
    });

    test('are deleted with the sessions of their child runs', async () => {
      const parent = await start(stores().runs);
      const newSession = { title: '', metadata: {}, parentRunId: parent.runId };
      const child = makeRun({ newSession, parent: { runId: parent.runId, callId: 'call-1' } });
      const claims = [{ callId: 'call-1', tool: 'a', argumentsHash: 'h', attempt: 1 }];
      await stores().runs.commit(makeTurn(parent, 2, { children: [child], claims }));
      const busy = stores().sessions.delete('acme', parent.sessionId);
      await expect(busy).rejects.toMatchObject({ code: 'session-busy' });
      await stores().runs.cancelUnstarted('acme', child.id);
      const [signal] = await stores().runs.signals(parent);
      const run = { ...running, status: 'succeeded' as const };
      await stores().runs.commit(makeTurn(parent, 3, { run, signalsTakenTo: signal?.id ?? 0 }));
      await stores().sessions.delete('acme', parent.sessionId);
      expect(await read(parent.sessionId)).toEqual([]);
      expect(await stores().runs.get('acme', parent.runId)).toBeUndefined();
      expect(await stores().sessions.get('acme', child.sessionId)).toBeUndefined();
      await expect(stores().sessions.delete('acme', parent.sessionId)).rejects.toMatchObject({
        code: 'session-unknown',
      });
    });

    test('fold from the start until something is compacted', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2));
      expect(await stores().events.foldStart('acme', lease.sessionId)).toBe(0);
      expect(await stores().events.foldStart('acme', ids.create('session'))).toBe(0);
    });

    test('fold from what the last compaction keeps, or from the first event of the latest run', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2, { events: [note('a'), note('b'), compaction(3)] }));
      expect(await stores().events.foldStart('acme', lease.sessionId)).toBe(0);
      await end(stores().runs, lease, 5);
      const wish = { start: { workerId: 'worker-1', events: [] }, queueLimit: 10 };
      const next = await stores().runs.accept(makeNextRun(lease.sessionId), wish);
      if (!next.lease) throw new TypeError('not started');
      const run = { ...running, startedSeq: 6 };
      await stores().runs.commit(makeTurn(next.lease, 6, { run }));
      expect(await stores().events.foldStart('acme', lease.sessionId)).toBe(2);
      await stores().runs.commit(makeTurn(next.lease, 7, { run, events: [compaction(7)] }));
      expect(await stores().events.foldStart('acme', lease.sessionId)).toBe(5);
    });

    test('fold from the first event of a failed run that is tried again', async () => {
      const lease = await start(stores().runs);
      const failed = { ...running, status: 'failed' as const, error: { code: 'internal', message: 'x' } };
      await stores().runs.commit(makeTurn(lease, 2, { run: failed }));
      const wish = { start: { workerId: 'worker-1', events: [] }, queueLimit: 10 };
      const next = await stores().runs.accept(makeNextRun(lease.sessionId), wish);
      if (!next.lease) throw new TypeError('not started');
      const run = { ...running, status: 'succeeded' as const, startedSeq: 3 };
      await stores().runs.commit(makeTurn(next.lease, 3, { run, events: [note('a'), compaction(3)] }));
      expect(await stores().events.foldStart('acme', lease.sessionId)).toBe(2);
      const target = { tenantId: 'acme', runId: lease.runId };
      const retry = { kind: 'retry' as const, data: { requestedBy: 'a person' } };
      await stores().runs.signal(target, retry, { allowed: ['failed'], action: 'a retry' });
      expect(await stores().events.foldStart('acme', lease.sessionId)).toBe(0);
    });

    test('are forked at an event: the copy begins with where it comes from', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2, { events: [note('a'), note('b')] }));
      const forkId = ids.create('session');
      const fork = await stores().sessions.fork(
        { tenantId: 'acme', sessionId: lease.sessionId, at: 2 },
        { id: forkId, ownerId: 'usr_2' },
      );
      expect(fork).toMatchObject({
        id: forkId,
        title: 'Hello',
        agent: 'assistant',
        ownerId: 'usr_2',
        forkedFrom: { sessionId: lease.sessionId, seq: 2 },
      });
      const [source, copy] = [await read(lease.sessionId), await read(forkId)];
      expect(copy[0]).toMatchObject({
        seq: 1,
        kind: 'session-forked',
        data: { from_session_id: lease.sessionId, from_seq: 2 },
      });
      const moved = source.slice(0, 2).map((event) => ({ ...event, seq: event.seq + 1, sessionId: forkId }));
      expect(copy.slice(1)).toEqual(moved);
    });

    test('go on in a fork without changing where it came from', async () => {
      const lease = await start(stores().runs);
      await end(stores().runs, lease, 2);
      const forkId = ids.create('session');
      await stores().sessions.fork(
        { tenantId: 'acme', sessionId: lease.sessionId },
        { id: forkId, ownerId: null },
      );
      const wish = { start: { workerId: 'worker-1', events: [] }, queueLimit: 10 };
      const next = await stores().runs.accept(makeNextRun(forkId), wish);
      if (!next.lease) throw new TypeError('not started');
      await end(stores().runs, next.lease, 4);
      expect(await read(forkId)).toHaveLength(4);
      expect(await read(lease.sessionId)).toHaveLength(2);
    });

    test('keep in a fork what a compaction kept, also in a fork of a fork', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2, { events: [note('a'), note('kept'), compaction(3)] }));
      await end(stores().runs, lease, 5);
      const [first, second] = [ids.create('session'), ids.create('session')];
      await stores().sessions.fork(
        { tenantId: 'acme', sessionId: lease.sessionId },
        { id: first, ownerId: null },
      );
      await stores().sessions.fork({ tenantId: 'acme', sessionId: first }, { id: second, ownerId: null });
      for (const sessionId of [first, second]) {
        const after = await stores().events.foldStart('acme', sessionId);
        const [next] = await stores().events.read('acme', sessionId, { afterSeq: after, limit: 1 });
        expect(next?.data).toEqual(note('kept').data);
        const found = (await read(sessionId)).find((event) => event.kind === 'history-compacted');
        expect(found?.data).toEqual(compaction(after + 1).data);
      }
    });

    test('cannot be forked where there is no event, or when unknown', async () => {
      const lease = await start(stores().runs);
      const source = { tenantId: 'acme', sessionId: lease.sessionId, at: 9 };
      await expect(
        stores().sessions.fork(source, { id: ids.create('session'), ownerId: null }),
      ).rejects.toMatchObject({
        code: 'event-unknown',
        data: { id: lease.sessionId, seq: 9 },
      });
      const unknown = { tenantId: 'acme', sessionId: ids.create('session') };
      await expect(
        stores().sessions.fork(unknown, { id: ids.create('session'), ownerId: null }),
      ).rejects.toMatchObject({
        code: 'session-unknown',
      });
    });

    test('leave their files to the forks that name them, and to no others', async () => {
      const lease = await start(stores().runs);
      const content = new Uint8Array([1]);
      const makeFile = () => ({ id: ids.create('artifact'), name: 'a', mediaType: 'text/plain', content });
      const [early, late] = [makeFile(), makeFile()];
      await stores().runs.commit(makeTurn(lease, 2, { events: [note(early.id)], artifacts: [early] }));
      await stores().runs.commit(makeTurn(lease, 3, { events: [note(late.id)], artifacts: [late] }));
      await end(stores().runs, lease, 4);
      const forkId = ids.create('session');
      await stores().sessions.fork(
        { tenantId: 'acme', sessionId: lease.sessionId, at: 2 },
        { id: forkId, ownerId: null },
      );
      await stores().sessions.delete('acme', lease.sessionId);
      expect(await stores().artifacts.describe('acme', early.id)).toMatchObject({ sessionId: forkId });
      expect(await stores().artifacts.describe('acme', late.id)).toBeUndefined();
    });
  });
}
