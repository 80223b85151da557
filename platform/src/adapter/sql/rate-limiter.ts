import { BatutaError } from '@batuta/contract';
import type { BucketAnswer, BucketTake, RateLimiter } from '../../port/rate-limiter.ts';
import { addBuckets, commitLater, forgetIdleBuckets, takePermits } from './statement/take-permits.ts';
import { storableText } from './storable-text.ts';
import type { Transactor } from './transactor.ts';

/** Stands for the tenant of buckets that belong to none; no tenant can have this name. */
const nobody = '*';

/** Times that a take is tried whose bucket was forgotten in the same moment. */
const attempts = 3;

/**
 * Token buckets in a PostgreSQL database, embedded or not, by its clock. They need not survive a crash of the server's machine to the
 * last moment, so that nobody waits for its disk.
 */
export class SqlRateLimiter implements RateLimiter {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async take(takes: readonly BucketTake[]): Promise<BucketAnswer[]> {
    const tenantIds = takes.map(({ tenantId }) => tenantId ?? nobody);
    const keys = takes.map(({ key }) => storableText(key));
    const query = takePermits(
      tenantIds,
      keys,
      takes.map(({ capacity }) => capacity),
      takes.map(({ perSecond }) => perSecond),
      takes.map(({ least }) => least),
      takes.map(({ most }) => most),
      takes.map(({ spare }) => spare),
      takes.map(({ forced }) => forced),
    );
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const [, , rows] = await this.#transactor.run('system', [
        commitLater(),
        addBuckets(tenantIds, keys),
        query,
      ]);
      if (rows.length < takes.length) continue;
      const inOrder = rows.toSorted((one, other) => one.place - other.place);
      return inOrder.map(({ taken, left }) => ({ taken, left }));
    }
    throw new BatutaError('not-ready', { reason: 'the rate limits are being tidied up' });
  }

  async forgetIdle(): Promise<number> {
    const [, forgotten] = await this.#transactor.run('system', [commitLater(), forgetIdleBuckets()]);
    return forgotten.length;
  }

  async close(): Promise<void> {
    // The connections are the database's.
  }
}
