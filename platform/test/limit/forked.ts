import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A program of this folder in a process of its own, which answers each message with one. */
export class Forked implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts it, and gives its first message. */
  static async start(
    program: string,
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ process: Forked; first: Record<string, unknown> }> {
    const { PATH = '', HOME = '' } = process.env;
    const child = fork(join(import.meta.dirname, program), words, {
      env: { PATH, HOME, ...environment },
      execArgv: [],
    });
    const forked = new Forked(child);
    return { process: forked, first: await forked.#next() };
  }

  async ask(message: Record<string, unknown>): Promise<Record<string, unknown>> {
    const answer = this.#next();
    this.#child.send(message);
    return await answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #next(): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const exited = (code: number | null) => reject(new RangeError(`the process ended with ${code}`));
      this.#child.once('exit', exited);
      this.#child.once('message', (message: Record<string, unknown>) => {
        this.#child.off('exit', exited);
        resolve(message);
      });
    });
  }
}
