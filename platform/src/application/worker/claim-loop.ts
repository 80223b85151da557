import type { Log } from '../../port/log.ts';

/** What a claim loop needs of its worker. */
export interface ClaimSource {
  /** Runs that could be started here now. */
  room(): number;
  /** Takes up to `limit` runs, of these or any. Gives how many there were. */
  claim(options: { limit: number; runIds?: readonly string[] }): Promise<number>;
}

/** Most runs claimed at once. While a claim is under way its places are taken, so that it never asks for more than half of those there are. */
const claimBatch = 16;

/** Hints remembered; with more than these, a look at the whole queue finds them as well. */
const maxHints = 256;

/**
 * Decides when to look at the queue. There are two reasons: someone named a run that can be claimed (a *hint*), or something has
 * happened after which any run may be claimable (a *look*). Neither is forgotten while a claim is under way or while there is no room, and
 * a hint that comes to nothing does not stand for a look.
 *
 * Who is named is taken past everybody else, so that hints count only where nobody can be waiting: there is room for all that are named, and
 * the last look at the queue found it short.
 */
export class ClaimLoop {
  readonly #source: ClaimSource;
  readonly #log: Log;
  readonly #hints = new Set<string>();
  #look = false;
  /** The last look at the queue gave all that was asked for: there may be more. */
  #isLong = false;
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(source: ClaimSource, log: Log) {
    this.#source = source;
    this.#log = log;
  }

  /** Whether runs may be waiting in the queue, by what is known here. */
  get isPending(): boolean {
    return this.#isLong || this.#look || this.#hints.size > 0 || this.#running !== undefined;
  }

  /** Someone said that this run can be claimed. */
  hint(runId: string): void {
    if (this.#hints.size < maxHints) this.#hints.add(runId);
    else this.#look = true;
    this.#go();
  }

  /** Any run may be claimable. */
  look(): void {
    this.#look = true;
    this.#go();
  }

  /** There may be room again for what was wanted. */
  resume(): void {
    if (this.#isWanted) this.#go();
  }

  /** Ends when no claim is under way; none follows. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  #go(): void {
    if (this.#stopped) return;
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
      if (this.#isWanted) this.#go();
    });
  }

  get #isWanted(): boolean {
    return (this.#look || this.#hints.size > 0) && !this.#stopped && this.#source.room() > 0;
  }

  async #work(): Promise<void> {
    while (this.#isWanted) {
      const limit = Math.min(Math.ceil(this.#source.room() / 2), claimBatch);
      const runIds = this.#isLong || this.#hints.size > limit ? [] : [...this.#hints];
      this.#hints.clear();
      if (runIds.length === 0) this.#look = false;
      try {
        const count = await this.#source.claim(runIds.length > 0 ? { limit, runIds } : { limit });
        if (count > 0) this.#look = true;
        if (runIds.length === 0) this.#isLong = count >= limit;
      } catch (error) {
        // The next poll looks again.
        this.#look = false;
        this.#isLong = false;
        this.#hints.clear();
        this.#log.warn('the queue cannot be read', { error });
      }
    }
  }
}
