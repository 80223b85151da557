/**
 * A process of a test that works on jobs: `node job-process.ts '<setup as JSON>'`. Each job that it begins is a line on its standard
 * output; the job `hang` never ends.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '@batuta/platform/database';
import { makeLonelyBus } from '../../src/adapter/bus-memory/memory-bus.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { PgBossQueue } from '../../src/adapter/pg-boss/pg-boss-queue.ts';
import { quickJob } from './job-recorder.ts';

interface Setup {
  database: { url: string } | { directory: string };
  /** Jobs to enqueue at the start. */
  enqueue: string[];
  /** Whether jobs end. */
  hang: boolean;
}

const setup = JSON.parse(process.argv[2] ?? '{}') as Setup;
const stores = await openDatabase(setup.database);
await stores.database.migrate();
const complain = (message: string, fields?: object) =>
  process.stderr.write(`${message} ${String(Object.values(fields ?? {}))}\n`);
const queue = new PgBossQueue({
  database: stores.database,
  bus: makeLonelyBus(),
  clock: systemClock,
  log: { debug: () => undefined, info: () => undefined, warn: complain, error: complain },
  works: true,
  timing: { backstopSeconds: 0.5, superviseSeconds: 1, heartbeatSeconds: 10 },
});
queue.define('work', { ...quickJob, timeoutSeconds: 60 }, (job) => {
  writeSync(1, `${JSON.stringify({ begun: job.data['name'], attempt: job.attempt })}\n`);
  return setup.hang ? new Promise(() => undefined) : Promise.resolve();
});
queue.define('tick', quickJob, async () => void writeSync(1, `${JSON.stringify({ begun: 'tick' })}\n`));
queue.every('tick', '* * * * *');
queue.start();
for (const name of setup.enqueue) await queue.enqueue('work', { name }, { tenantId: 'acme' });
writeSync(1, '{"ready":true}\n');
process.stdin.on('end', () => process.exit(0)).resume();
