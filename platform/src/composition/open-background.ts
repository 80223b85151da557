import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { PgBossQueue } from '../adapter/pg-boss/pg-boss-queue.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Bus } from '../port/bus.ts';
import type { Database } from '../port/database.ts';
import type { JobQueue } from '../port/job-queue.ts';
import type { Log } from '../port/log.ts';
import type { RateLimiter } from '../port/rate-limiter.ts';
import { makeBus } from './make-bus.ts';
import { makeRateLimiter } from './make-rate-limiter.ts';
import { tidyLimits } from './tidy-limits.ts';

/** Opens what connects this process with the others: the bus, the queue of jobs and the shared limits. Only a process that `works` does jobs itself. */
export async function openBackground(context: {
  configuration: Configuration;
  database: Database;
  /** Counts limits in the database. */
  rateLimiter: RateLimiter;
  works: boolean;
  log: Log;
  opened: AsyncDisposableStack;
}): Promise<{ bus: Bus; jobs: JobQueue; rateLimiter: RateLimiter }> {
  const { configuration, database, works, log, opened } = context;
  const bus = await makeBus(configuration);
  opened.defer(() => bus.close());
  const jobs = new PgBossQueue({ database, bus, clock: systemClock, log, works });
  opened.defer(() => jobs.stop(0));
  const rateLimiter = await makeRateLimiter(configuration, context.rateLimiter);
  opened.defer(() => rateLimiter.close());
  opened.defer(tidyLimits({ limiter: rateLimiter, clock: systemClock, log }));
  return { bus, jobs, rateLimiter };
}
