import type { SandboxProcess } from '../../port/sandbox.ts';

/** The commands of a process that have not ended, so that none outlives it. */
export class RunningCommands {
  readonly #all = new Set<SandboxProcess>();

  async add<P extends SandboxProcess>(starting: Promise<P>): Promise<P> {
    const started = await starting;
    this.#all.add(started);
    void started.ended.then(() => this.#all.delete(started));
    return started;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#all].map((each) => each.stop()));
  }
}
