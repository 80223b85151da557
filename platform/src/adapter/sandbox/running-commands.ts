import type { CommandEnd } from '../../port/sandbox.ts';

/** What can be waited for and be stopped. */
interface Running {
  readonly ended: Promise<CommandEnd>;
  stop(): Promise<CommandEnd>;
}

/** The commands and terminals of a process that have not ended, so that none outlives it. */
export class RunningCommands {
  readonly #starting = new Set<Promise<Running>>();
  readonly #all = new Set<Running>();

  async add<P extends Running>(starting: Promise<P>): Promise<P> {
    this.#starting.add(starting);
    try {
      const started = await starting;
      this.#all.add(started);
      void started.ended.then(() => this.#all.delete(started));
      return started;
    } finally {
      this.#starting.delete(starting);
    }
  }

  /** Ends all, also those that are only about to start. */
  async stopAll(): Promise<void> {
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#all].map((each) => each.stop()));
  }
}
