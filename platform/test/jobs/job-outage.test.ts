import { openDatabase } from '@batuta/platform/database';
import { expect, inject, test } from 'vitest';
import { makeLonelyBus } from '../../src/adapter/bus-memory/memory-bus.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { PgBossQueue } from '../../src/adapter/pg-boss/pg-boss-queue.ts';
import type { OwnerConnection } from '../../src/port/database.ts';
import type { Log } from '../../src/port/log.ts';
import { newDatabase } from '../cluster/new-database.ts';
import { startCuttingProxy } from '../database/cutting-proxy.ts';
import { JobRecorder, quickJob } from './job-recorder.ts';

/** A queue whose way to the database can be cut and put back, with one kind of job. */
async function startCuttable(url: string) {
  const direct = await openDatabase({ url });
  await direct.database.migrate();
  const proxy = await startCuttingProxy(url);
  const behind = await openDatabase({ url: proxy.url, connectTimeoutMs: 500 });
  let way: OwnerConnection = behind.database.owner;
  const owner: OwnerConnection = { execute: (text, values) => way.execute(text, values) };
  const told: string[] = [];
  const note = (message: string) => void told.push(message);
  const log: Log = { debug: () => undefined, info: note, warn: note, error: note };
  const timing = { backstopSeconds: 0.5, superviseSeconds: 1 };
  const parts = { database: { kind: 'postgres', owner } as const, bus: makeLonelyBus(), clock: systemClock };
  const queue = new PgBossQueue({ ...parts, log, works: true, timing });
  const recorder = new JobRecorder();
  queue.define('greet', quickJob, recorder.handler());
  queue.start();
  const restore = () => void (way = direct.database.owner);
  const close = async () => {
    await queue.stop(0);
    await Promise.all([direct.database.close(), behind.database.close()]);
  };
  return { queue, recorder, told, cut: () => proxy.close(), restore, close };
}

test('an outage of the database is said once, and jobs go on after it', { timeout: 40_000 }, async () => {
  await using fresh = await newDatabase(inject('postgresUrl'));
  const { queue, recorder, told, cut, restore, close } = await startCuttable(fresh.url);
  const greet = (n: number) => queue.enqueue('greet', { n }, { tenantId: 'acme' });
  await greet(1);
  await recorder.begun(1);
  await cut();
  await expect.poll(() => queue.state, { timeout: 10_000 }).toBe('failing');
  await expect(greet(2)).rejects.toMatchObject({ code: 'database-unreachable' });
  restore();
  await expect.poll(() => queue.state, { timeout: 10_000 }).toBe('working');
  await greet(3);
  expect((await recorder.begun(2))[1]?.data).toEqual({ n: 3 });
  expect(told).toEqual(['background jobs wait for the database', 'background jobs reach the database again']);
  await close();
});
