/**
 * What limits cost a request: `node bench/limits.ts`. Time and CPU of one admission in this process, by where permits are counted and how
 * far the limit is, and how many admissions one question to the shared buckets serves.
 */
import { freshDatabase, closeFreshDatabases } from '@batuta/testkit/database';
import { startPostgres } from '@batuta/testkit/postgres';
import { systemClock } from '../platform/src/adapter/clock-system/system-clock.ts';
import { MemoryRateLimiter } from '../platform/src/adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { LimitKeeper, noLimits } from '../platform/src/application/limit/limits.ts';
import type { Plan } from '../platform/src/domain/limit/plan.ts';
import type { RateLimiter } from '../platform/src/port/rate-limiter.ts';

const ana = { tenantId: 'acme', userId: 'usr_ana', keyId: 'key_ana' };
const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const far = 1_000_000_000;

const all: Plan = {
  tenant: { requests_per_minute: far, requests_per_day: far },
  user: { requests_per_minute: far, requests_per_day: far },
  key: { requests_per_minute: far, requests_per_day: far },
};

function keeperOf(limiter: RateLimiter, plan: Plan): LimitKeeper {
  const settings = { ...noLimits, plans: { measured: plan }, defaultPlan: 'measured' };
  return new LimitKeeper({ limiter, settings, planOfTenant: async () => undefined, clock: systemClock, log });
}

async function measure(name: string, limiter: RateLimiter, { plan, count }: { plan: Plan; count: number }) {
  let questions = 0;
  const counted: RateLimiter = {
    take: (takes) => {
      questions += 1;
      return limiter.take(takes);
    },
    forgetIdle: () => limiter.forgetIdle(),
    close: () => limiter.close(),
  };
  const keeper = keeperOf(counted, plan);
  let refused = 0;
  const admit = async () => {
    try {
      const admitted = keeper.admit(ana);
      if (admitted instanceof Promise) await admitted;
    } catch {
      refused += 1;
    }
  };
  for (let request = 0; request < count / 10; request += 1) await admit();
  [questions, refused] = [0, 0];
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let request = 0; request < count; request += 1) await admit();
  const us = ((performance.now() - began) * 1000) / count;
  const used = process.cpuUsage(cpu);
  const cpuUs = (used.user + used.system) / count;
  console.log(
    `${name}: ${us.toFixed(2)} us, CPU ${cpuUs.toFixed(2)} us a request; ${questions} questions for ${count} requests, ${refused} refused`,
  );
}

const server = await startPostgres();
const stores = await freshDatabase('postgres', server.url);
try {
  const memory = new MemoryRateLimiter(systemClock);
  await measure('no limit', memory, { plan: {}, count: 500_000 });
  await measure('six limits, in process', memory, { plan: all, count: 200_000 });
  await measure('six limits, PostgreSQL, far', stores.rateLimiter, { plan: all, count: 200_000 });
  const reached: Plan = { tenant: { requests_per_day: 50 } };
  await measure('one limit, PostgreSQL, reached', stores.rateLimiter, { plan: reached, count: 100_000 });
  const oneByOne: Plan = { tenant: { requests_per_minute: 100_000, requests_per_day: 9 * 400 } };
  await measure('two limits, PostgreSQL, up to the limit', stores.rateLimiter, {
    plan: oneByOne,
    count: 3_500,
  });
} finally {
  stores.release();
  await closeFreshDatabases();
  await server.stop();
}
