import type { CommandEnd } from '../../port/sandbox.ts';

/** What can be waited for and be stopped. */
interface Running {
  readonly ended: Promise<CommandEnd>;
  stop(): Promise<CommandEnd>;
}

/** The commands and terminals of a process that have not ended, so that none outlives it. */
export class RunningCommands {
  readonly #all = new Set<Running>();

  async add<P extends Running>(starting: Promise<P>): Promise<P> {
    const started = await starting;
    this.#all.add(started);
    void started.ended.then(() => this.#all.delete(started));
    return started;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#all].map((each) => each.stop()));
  }
}
