import { describe, expect, test } from 'vitest';
import { end, ids, makeNextRun, makeRun, queue, start, started } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const wish = { workerId: 'worker-1', events: [started] };

/** Accepting runs: durable, once for each idempotency key, started at once where possible, limited. */
export function describeAccept(open: StoreFactory): void {
  describe('accept', () => {
    const stores = useStores(open);

    test('stores the run, its session and its definition', async () => {
      const run = makeRun();
      const { run: accepted, repeated, lease } = await queue(stores().runs, run);
      expect({ repeated, lease, status: accepted.status }).toEqual({
        repeated: false,
        lease: null,
        status: 'queued',
      });
      expect(await stores().runs.get('acme', run.id)).toEqual(accepted);
      expect(accepted).toMatchObject({
        input: run.input,
        metadata: run.metadata,
        startedSeq: null,
        attempt: 1,
      });
      expect(await stores().sessions.get('acme', run.sessionId)).toMatchObject({
        title: 'Hello',
        agent: 'assistant',
        metadata: { topic: 'test' },
      });
    });

    test('starts a run of a new session at once, with its first events', async () => {
      const run = makeRun();
      const accepted = await stores().runs.accept(run, { start: wish, queueLimit: 10 });
      expect(accepted.lease).toMatchObject({ runId: run.id, workerId: 'worker-1', epoch: 1 });
      expect(accepted.run).toMatchObject({ status: 'running', startedSeq: 1 });
      const log = await stores().events.read('acme', run.sessionId, { afterSeq: 0, limit: 10 });
      expect(log).toMatchObject([
        { seq: 1, kind: 'run-started', version: 1, runId: run.id, data: started.data },
      ]);
    });

    test('starts a run of an idle session at once, but leaves its events to the worker', async () => {
      const lease = await start(stores().runs);
      await end(stores().runs, lease, 2);
      const next = makeNextRun(lease.sessionId);
      const accepted = await stores().runs.accept(next, { start: wish, queueLimit: 10 });
      expect(accepted.lease).toMatchObject({ runId: next.id, epoch: 1 });
      expect(accepted.run).toMatchObject({ status: 'running', startedSeq: null });
      const log = await stores().events.read('acme', lease.sessionId, { afterSeq: 0, limit: 10 });
      expect(log.map((event) => event.seq)).toEqual([1, 2]);
    });

    test('queues a run behind an unfinished one of its session', async () => {
      const lease = await start(stores().runs);
      const next = makeNextRun(lease.sessionId);
      const accepted = await stores().runs.accept(next, { start: wish, queueLimit: 10 });
      expect(accepted).toMatchObject({ lease: null, run: { status: 'queued' } });
    });

    test('gives the same run for the same key and request', async () => {
      const idempotency = { key: 'key-1', requestHash: 'hash-1' };
      const first = await queue(stores().runs, makeRun({ idempotency }));
      const second = makeRun({ idempotency });
      const repeated = await stores().runs.accept(second, { start: wish, queueLimit: 10 });
      expect(repeated).toEqual({ run: first.run, repeated: true, lease: null, reserved: null });
      expect(await stores().runs.get('acme', second.id)).toBeUndefined();
      expect(await stores().sessions.get('acme', second.sessionId)).toBeUndefined();
    });

    test('refuses a key that was used for another request', async () => {
      const first = await queue(
        stores().runs,
        makeRun({ idempotency: { key: 'key-1', requestHash: 'hash-1' } }),
      );
      const other = makeRun({ idempotency: { key: 'key-1', requestHash: 'hash-2' } });
      await expect(queue(stores().runs, other)).rejects.toMatchObject({
        code: 'idempotency-key-reused',
        data: { id: first.run.id },
      });
    });

    test('lets each tenant use a key of its own', async () => {
      const idempotency = { key: 'key-1', requestHash: 'hash-1' };
      await queue(stores().runs, makeRun({ idempotency }));
      const other = await queue(stores().runs, makeRun({ tenantId: 'other', idempotency }));
      expect(other.repeated).toBe(false);
    });

    test('accepts one of many requests with one key that arrive together', async () => {
      const idempotency = { key: 'key-1', requestHash: 'hash-1' };
      const accepted = await Promise.all(
        Array.from({ length: 10 }, () => queue(stores().runs, makeRun({ idempotency }))),
      );
      expect(new Set(accepted.map(({ run }) => run.id)).size).toBe(1);
      expect(accepted.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(await stores().runs.list('acme', { limit: 10 })).toHaveLength(1);
    });

    test('starts one of many runs of a session that arrive together', async () => {
      const lease = await start(stores().runs);
      await end(stores().runs, lease, 2);
      const accepted = await Promise.all(
        Array.from({ length: 10 }, () =>
          stores().runs.accept(makeNextRun(lease.sessionId), { start: wish, queueLimit: 100 }),
        ),
      );
      expect(accepted.filter((one) => one.lease !== null)).toHaveLength(1);
      expect(accepted.filter((one) => one.run.status === 'queued')).toHaveLength(9);
    });

    test('refuses an unknown session and one of another agent', async () => {
      const unknown = makeNextRun(ids.create('session'));
      await expect(queue(stores().runs, unknown)).rejects.toMatchObject({ code: 'session-unknown' });
      const { run } = await queue(stores().runs);
      const otherAgent = makeNextRun(run.sessionId, { agent: 'researcher' });
      await expect(queue(stores().runs, otherAgent)).rejects.toMatchObject({
        code: 'session-agent-conflict',
        data: { id: run.sessionId, agent: 'assistant' },
      });
    });

    test('refuses a run when the queue of its tenant is full, but not one that can start', async () => {
      const options = { start: null, queueLimit: 2 };
      await stores().runs.accept(makeRun(), options);
      await stores().runs.accept(makeRun(), options);
      const refused = makeRun();
      await expect(stores().runs.accept(refused, options)).rejects.toMatchObject({
        code: 'queue-full',
        data: { count: 2 },
      });
      expect(await stores().sessions.get('acme', refused.sessionId)).toBeUndefined();
      const { lease } = await stores().runs.accept(makeRun(), { start: wish, queueLimit: 2 });
      expect(lease).not.toBeNull();
      await stores().runs.accept(makeRun({ tenantId: 'other' }), options);
    });

    test('stores the files of an input with it', async () => {
      const content = new Uint8Array([0, 1, 2, 255]);
      const file = {
        id: ids.create('artifact'),
        name: 'a.bin',
        mediaType: 'application/x-test',
        content,
        labels: ['private'],
      } as const;
      const { run } = await queue(stores().runs, makeRun({ artifacts: [file] }));
      expect(await stores().artifacts.describe('acme', file.id)).toEqual({
        id: file.id,
        sessionId: run.sessionId,
        runId: run.id,
        name: 'a.bin',
        mediaType: 'application/x-test',
        bytes: 4,
        labels: ['private'],
        ownerId: run.ownerId,
      });
    });

    test('keeps text that a database cannot hold as it is: U+0000 and halves of a character', async () => {
      const text = 'zero \u0000 half \uD800';
      const input = { messageId: ids.create('message'), parts: [{ type: 'text' as const, text }] };
      const newSession = { title: text, metadata: { text }, parentRunId: null };
      const { run } = await queue(stores().runs, makeRun({ input, metadata: { text }, newSession }));
      expect((await stores().runs.get('acme', run.id))?.input).toEqual(input);
      expect((await stores().runs.get('acme', run.id))?.metadata).toEqual({ text });
    });
  });
}
