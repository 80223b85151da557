import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../src/composition/open-database.ts';
import type { Lease } from '../../src/port/run-record.ts';
import { makeRun, makeTurn, queue, running, start, started } from '../conformance/make-run.ts';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';

let direct: FreshDatabase;
let proxy: CuttingProxy;
let cut: OpenDatabase;

beforeEach(async () => {
  direct = await freshDatabase('postgres', inject('postgresUrl'));
  proxy = await startCuttingProxy(direct.url ?? '');
  cut = await openDatabase({ url: proxy.url, poolSize: 1 });
  // Both connections are there before anything is lost: that of heartbeats, and the one of the pool.
  await cut.runs.heartbeat('worker-1', 60_000);
  await cut.runs.list('acme', { limit: 1 });
});

afterEach(async () => {
  await cut.database.close();
  await proxy.close();
  direct.release();
});

async function logLength(lease: Lease): Promise<number> {
  const log = await direct.events.read('acme', lease.sessionId, { afterSeq: 0, limit: 100 });
  expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
  return log.length;
}

test('a commit whose answer was lost is found to be written', async () => {
  const lease = await start(cut.runs);
  proxy.loseAnswer();
  const receipt = await cut.runs.commit(makeTurn(lease, 2));
  expect(receipt).toMatchObject({ outcome: 'committed', status: 'running', signalsPending: false });
  expect(await logLength(lease)).toBe(2);
  await cut.runs.commit(makeTurn(lease, 3));
});

test('a last commit whose answer was lost is found to be written', async () => {
  const lease = await start(cut.runs);
  proxy.loseAnswer();
  const run = { ...running, status: 'succeeded' as const };
  const receipt = await cut.runs.commit(makeTurn(lease, 2, { run }));
  expect(receipt).toMatchObject({ outcome: 'committed', status: 'succeeded' });
  expect(await logLength(lease)).toBe(2);
});

test('a commit that never arrived is sent again, and written once', async () => {
  const lease = await start(cut.runs);
  proxy.loseRequest();
  await expect(cut.runs.commit(makeTurn(lease, 2))).resolves.toMatchObject({ outcome: 'committed' });
  expect(await logLength(lease)).toBe(2);
});

test('a commit is not sent again when the lease was lost with the connection', async () => {
  const lease = await start(cut.runs);
  proxy.loseRequest(async () => {
    await direct.runs.retire('worker-1');
    await direct.runs.heartbeat('worker-2', 60_000);
    const [claimed] = await direct.runs.claim('worker-2', { limit: 1 });
    if (claimed) await direct.runs.commit(makeTurn(claimed.lease, 2));
  });
  await expect(cut.runs.commit(makeTurn(lease, 2))).rejects.toMatchObject({ code: 'lease-lost' });
  expect(await logLength(lease)).toBe(2);
});

test('a run whose accept was answered by silence is accepted once, and started', async () => {
  const options = { start: { workerId: 'worker-1', events: [started] }, queueLimit: 10 };
  const [first, second] = [makeRun(), makeRun()];
  proxy.loseAnswer();
  expect((await cut.runs.accept(first, options)).lease).toMatchObject({ runId: first.id, epoch: 1 });
  proxy.loseRequest();
  await expect(cut.runs.accept(second, options)).rejects.toMatchObject({ code: 'database-unreachable' });
  expect(await direct.runs.list('acme', { limit: 9 })).toHaveLength(1);
});

test('a read is asked again', async () => {
  const lease = await start(cut.runs);
  proxy.loseRequest();
  expect(await cut.runs.get('acme', lease.runId)).toMatchObject({ id: lease.runId });
});

test('runs of a claim whose answer was lost are given back at the next heartbeat', async () => {
  const known = await start(cut.runs);
  await queue(cut.runs);
  proxy.loseAnswer();
  await expect(cut.runs.claim('worker-1', { limit: 1 })).rejects.toMatchObject({
    code: 'database-unreachable',
  });
  await direct.runs.heartbeat('worker-2', 60_000);
  expect(await direct.runs.claim('worker-2', { limit: 9 })).toEqual([]);
  const { held } = await cut.runs.heartbeat('worker-1', 60_000);
  expect(held).toMatchObject([{ runId: known.runId }]);
  expect(await direct.runs.claim('worker-2', { limit: 9 })).toHaveLength(1);
});

test('when the database stays away everything says so, with its address', async () => {
  const lease = await start(cut.runs);
  await proxy.close();
  const unreachable = { code: 'database-unreachable', data: { address: new URL(proxy.url).host } };
  await expect(cut.runs.commit(makeTurn(lease, 2))).rejects.toMatchObject(unreachable);
  await expect(cut.runs.get('acme', lease.runId)).rejects.toMatchObject(unreachable);
  expect(await cut.database.isReachable()).toBe(false);
  proxy = await startCuttingProxy(direct.url ?? '');
});
