import { createHash } from 'node:crypto';
import { BatutaError } from '@batuta/contract';
import { bucketOf, type Bucket } from '../../domain/limit/bucket.ts';
import type { Clock } from '../../port/clock.ts';
import { addressBlock } from './address-block.ts';
import { BoundedMap } from './bounded-map.ts';
import { limitReached } from './limit-reached.ts';
import type { UsageMeter } from './usage-meter.ts';

/** An attempt to enter. */
export interface Attempt {
  address: string | null;
  /** A key, token, session or login link; undefined where none was sent, which guesses nothing. */
  credential: string | undefined;
}

/** A credential that was good lately is let in although others fail at the same address. */
const rememberedMs = 10 * 60_000;
const mostRemembered = 10_000;

/** Errors that tell that a guess was wrong. */
const wrongGuesses = ['key-invalid', 'login-token-invalid'] as const;

/**
 * Keeps people from guessing keys and login links: an address at which too many were wrong must wait before it may try others. Who was
 * let in lately is not held up by what others do at the same address, behind the same proxy.
 */
export class LoginGuard {
  readonly #parts: { meter: UsageMeter; clock: Pick<Clock, 'monotonic'>; failuresPerMinute: number };
  readonly #good = new BoundedMap<string, number>(mostRemembered);
  readonly #noted = new WeakSet<object>();

  /** `failuresPerMinute`: 0 lets everybody try for ever. */
  constructor(parts: { meter: UsageMeter; clock: Pick<Clock, 'monotonic'>; failuresPerMinute: number }) {
    this.#parts = parts;
  }

  /** Lets an attempt through or refuses it, and counts it when it fails. Errors: `rate-limited`, and those of the work. */
  async watch<T extends object>({ address, credential }: Attempt, work: () => Promise<T>): Promise<T> {
    if (address === null || credential === undefined || this.#parts.failuresPerMinute === 0) return work();
    const bucket = this.#bucketOf(address);
    const wait = this.#parts.meter.wait([bucket]);
    if (wait && !this.#isGood(credential)) throw limitReached({ bucket, retryAfterMs: wait.ms });
    try {
      const entered = await work();
      this.#remember(entered, credential);
      return entered;
    } catch (error) {
      if (wrongGuesses.some((code) => BatutaError.has(error, code))) this.#parts.meter.charge([bucket], 1);
      throw error;
    }
  }

  #bucketOf(address: string): Bucket {
    const limit = this.#parts.failuresPerMinute;
    const rule = { subject: 'address', resource: 'failures', per: 'minute', limit } as const;
    return bucketOf(rule, { tenantId: null, owner: addressBlock(address) });
  }

  /** Who comes with a key is the same object for a few seconds, so that not every request is hashed. */
  #remember(entered: object, credential: string): void {
    if (this.#noted.has(entered)) return;
    this.#noted.add(entered);
    this.#good.set(hashOf(credential), this.#parts.clock.monotonic() + rememberedMs);
  }

  #isGood(credential: string): boolean {
    return (this.#good.get(hashOf(credential)) ?? 0) > this.#parts.clock.monotonic();
  }
}

function hashOf(credential: string): string {
  return createHash('sha256').update(credential).digest('base64');
}
