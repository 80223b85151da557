import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { PgBossQueue } from '../adapter/pg-boss/pg-boss-queue.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Bus } from '../port/bus.ts';
import type { Database } from '../port/database.ts';
import type { JobQueue } from '../port/job-queue.ts';
import type { Log } from '../port/log.ts';
import { makeBus } from './make-bus.ts';

/** Opens what connects this process with the others: the bus and the queue of jobs. Only a process that `works` does jobs itself. */
export async function openBackground(context: {
  configuration: Configuration;
  database: Database;
  works: boolean;
  log: Log;
  opened: AsyncDisposableStack;
}): Promise<{ bus: Bus; jobs: JobQueue }> {
  const { configuration, database, works, log, opened } = context;
  const bus = await makeBus(configuration);
  opened.defer(() => bus.close());
  const jobs = new PgBossQueue({ database, bus, clock: systemClock, log, works });
  opened.defer(() => jobs.stop(0));
  return { bus, jobs };
}
