import { describe, expect, test } from 'vitest';
import { ids, makeRun, makeTurn, note, queue, running, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const claim = { callId: 'call-1', tool: 'send_mail', argumentsHash: 'hash', attempt: 1 };

/** The turn's commit: everything of it or nothing. */
export function describeCommit(open: StoreFactory): void {
  describe('commit', () => {
    const stores = useStores(open);
    const readLog = (sessionId: string) =>
      stores().events.read('acme', sessionId, { afterSeq: 0, limit: 100 });

    test('appends events in order and tells when', async () => {
      const lease = await start(stores().runs);
      const receipt = await stores().runs.commit(makeTurn(lease, 2, { events: [note('a'), note('b')] }));
      expect(receipt).toMatchObject({ outcome: 'committed', status: 'running', signalsPending: false });
      const log = await readLog(lease.sessionId);
      expect(log.map((event) => event.seq)).toEqual([1, 2, 3]);
      expect(log[2]).toMatchObject({ kind: 'note-added', runId: lease.runId, data: note('b').data });
      const at = receipt.outcome === 'committed' ? receipt.at : 0;
      expect(log[2]?.at).toBe(new Date(at).toISOString());
    });

    test('reads a part of the log', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2, { events: [note('a'), note('b'), note('c')] }));
      const part = await stores().events.read('acme', lease.sessionId, { afterSeq: 1, limit: 2 });
      expect(part.map((event) => event.seq)).toEqual([2, 3]);
    });

    test('writes the whole projection of the run', async () => {
      const lease = await start(stores().runs);
      const usage = {
        input_tokens: 1,
        cached_input_tokens: 2,
        cache_write_tokens: 3,
        output_tokens: 4,
        reasoning_tokens: 5,
      };
      const error = { code: 'tool-failed', message: 'It \u0000 failed', data: { tool: 'x' } };
      const run = {
        ...running,
        status: 'failed' as const,
        turns: 7,
        attempt: 2,
        usage,
        costMicros: null,
        error,
      };
      await stores().runs.commit(makeTurn(lease, 2, { run: { ...run, outputText: 'text' } }));
      const stored = await stores().runs.get('acme', lease.runId);
      expect(stored).toMatchObject({ ...run, outputText: 'text', waitingFor: null, wakeAt: null });
      expect(stored?.endedAt).toBeGreaterThanOrEqual(stored?.startedAt ?? Number.NaN);
    });

    test('keeps what a model or tool wrote, whatever it is', async () => {
      const lease = await start(stores().runs);
      const text = 'zero \u0000 half \uD800 quote " backslash \\ brace {} emoji 🎵';
      const run = { ...running, status: 'succeeded' as const, outputText: text };
      await stores().runs.commit(makeTurn(lease, 2, { events: [note(text)], run }));
      expect((await readLog(lease.sessionId))[1]?.data).toEqual(note(text).data);
      expect((await stores().runs.get('acme', lease.runId))?.outputText).toContain('emoji 🎵');
    });

    test('stores nothing of a commit when one part of it is refused', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2, { claims: [claim] }));
      const settlements = [{ callId: 'call-1', outcome: 'succeeded' }];
      await stores().runs.commit(makeTurn(lease, 3, { settlements }));
      const child = makeRun({ parent: { runId: lease.runId, callId: 'call-1' } });
      const twice = makeTurn(lease, 4, { claims: [claim], children: [child] });
      await expect(stores().runs.commit(twice)).rejects.toMatchObject({ code: 'effect-conflict' });
      expect(await readLog(lease.sessionId)).toHaveLength(3);
      expect(await stores().runs.get('acme', child.id)).toBeUndefined();
    });

    test('never claims a settled effect, and never settles one twice or unclaimed', async () => {
      const lease = await start(stores().runs);
      const settlements = [{ callId: 'call-1', outcome: 'succeeded' }];
      const conflict = { code: 'effect-conflict' };
      await expect(stores().runs.commit(makeTurn(lease, 2, { settlements }))).rejects.toMatchObject(conflict);
      await stores().runs.commit(makeTurn(lease, 2, { claims: [claim] }));
      await stores().runs.commit(makeTurn(lease, 3, { claims: [{ ...claim, attempt: 2 }] }));
      await stores().runs.commit(makeTurn(lease, 4, { settlements }));
      await expect(stores().runs.commit(makeTurn(lease, 5, { settlements }))).rejects.toMatchObject(conflict);
      await expect(stores().runs.commit(makeTurn(lease, 5, { claims: [claim] }))).rejects.toMatchObject(
        conflict,
      );
    });

    test('settles one effect and claims another in the same commit', async () => {
      const lease = await start(stores().runs);
      await stores().runs.commit(makeTurn(lease, 2, { claims: [claim] }));
      const settlements = [{ callId: 'call-1', outcome: 'failed' }];
      const claims = [{ ...claim, callId: 'call-2' }];
      await expect(stores().runs.commit(makeTurn(lease, 3, { settlements, claims }))).resolves.toMatchObject({
        outcome: 'committed',
      });
    });

    test('accepts child runs with it, each in a session of its own', async () => {
      const lease = await start(stores().runs);
      const newSession = { title: 'Child', metadata: {}, parentRunId: lease.runId };
      const child = makeRun({ parent: { runId: lease.runId, callId: 'call-1' }, newSession });
      await stores().runs.commit(makeTurn(lease, 2, { children: [child] }));
      expect(await stores().runs.liveChildren('acme', lease.runId)).toEqual([child.id]);
      const claimed = await stores().runs.claim('worker-1', { limit: 10 });
      expect(claimed).toMatchObject([{ run: { id: child.id, parent: child.parent } }]);
      expect(await stores().sessions.list('acme', { limit: 10 })).toHaveLength(1);
    });

    test('stores files with the event that names them', async () => {
      const lease = await start(stores().runs);
      const content = new Uint8Array([1, 2, 3]);
      const file = { id: ids.create('artifact'), name: 'result', mediaType: 'text/plain', content };
      await stores().runs.commit(makeTurn(lease, 2, { artifacts: [file] }));
      const read = await stores().artifacts.read('acme', file.id, { offset: 0, length: 10 });
      expect([...(read ?? [])]).toEqual([1, 2, 3]);
    });

    test('writes each movement of money once', async () => {
      const lease = await start(stores().runs);
      const entry = { reservationId: 'reservation-1', kind: 'reserve' as const, model: 'a/b', micros: 1500 };
      await stores().runs.commit(makeTurn(lease, 2, { ledger: [entry, { ...entry, kind: 'settle' }] }));
      await expect(stores().runs.commit(makeTurn(lease, 3, { ledger: [entry] }))).rejects.toThrow(/ledger/);
      expect(await readLog(lease.sessionId)).toHaveLength(2);
    });

    test('lists runs newest first, page by page and filtered', async () => {
      const made = [makeRun(), makeRun(), makeRun()];
      for (const run of made) await queue(stores().runs, run);
      const [first, second, third] = made.map((run) => run.id);
      const page = await stores().runs.list('acme', { limit: 2 });
      expect(page.map((run) => run.id)).toEqual([third, second]);
      const rest = await stores().runs.list('acme', { limit: 2, before: second ?? '' });
      expect(rest.map((run) => run.id)).toEqual([first]);
      const sessionId = made[0]?.sessionId ?? '';
      expect(await stores().runs.list('acme', { limit: 9, sessionId })).toHaveLength(1);
      expect(await stores().runs.list('acme', { limit: 9, status: 'running' })).toEqual([]);
    });
  });
}
