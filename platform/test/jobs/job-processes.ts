import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';

const program = join(import.meta.dirname, 'job-process.ts');

/** A process that works on jobs, and what it has said. */
export class JobProcess {
  readonly lines: Record<string, unknown>[] = [];
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();

  constructor(setup: object, source = program) {
    const order = JSON.stringify({ enqueue: [], hang: false, ...setup });
    this.#child = spawn(process.execPath, [source, order], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.exited = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    const { stdout } = this.#child;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#hear(line));
  }

  /** Ends when it has said a line with these fields. */
  async said(fields: Record<string, unknown>): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.lines.find((line) => isDeepStrictEqual({ ...line, ...fields }, line));
      if (found) return found;
      await new Promise<void>((resolve) => this.#listeners.add(resolve));
    }
  }

  #hear(line: string): void {
    this.lines.push(JSON.parse(line));
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
