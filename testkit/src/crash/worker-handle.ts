/** The test's side of a worker process: starts it, asks it, knows when it has died, and leaves none behind. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { BatutaError } from '@batuta/contract';
import { crashVariable, formatCrashOrder, type CrashOrder } from './crash-order.ts';
import type { WorkerNews, WorkerRequestName, WorkerRequests, WorkerSetup } from './worker-protocol.ts';

/** Name of the environment variable that carries a worker's setup. */
export const setupVariable = 'BATUTA_WORKER_SETUP';

/** How a process ended. */
export interface WorkerDeath {
  signal: NodeJS.Signals | null;
  code: number | null;
  /** Milliseconds on the test's monotonic clock. */
  at: number;
}

interface Pending {
  resolve: (answer: never) => void;
  reject: (reason: Error) => void;
}

const program = join(import.meta.dirname, 'worker-process.ts');
const living = new Set<WorkerHandle>();

/** Compiled code for the next processes; written by those that end by themselves, and as good as its sources are. */
const compileCache = join(import.meta.dirname, '../../node_modules/.cache/compiled');

/** One worker process. */
export class WorkerHandle {
  /** Ends when the process has ended, whatever the cause. */
  readonly died: Promise<WorkerDeath>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #pending = new Map<number, Pending>();
  readonly #news: WorkerNews[] = [];
  readonly #listeners = new Set<(news: WorkerNews) => void>();
  #lastId = 0;
  #complaints = '';

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child;
    this.died = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal, at: performance.now() }));
    });
    void this.died.then((death) => this.#buried(death));
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(line));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4_000);
    });
    // Requests to a process that has just died have nowhere to go; they are rejected when its death is known.
    child.stdin.on('error', () => undefined);
    living.add(this);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The last of what it wrote to its standard error. */
  get complaints(): string {
    return this.#complaints;
  }

  /** Asks for something. Rejects with `worker-process-failed` when the process dies before it has answered. */
  ask<Name extends WorkerRequestName>(
    name: Name,
    asked: WorkerRequests[Name]['asks'],
  ): Promise<WorkerRequests[Name]['answers']> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, name, asked })}\n`);
    });
  }

  /** Ends with the first news that fits, also when it was told before. */
  heard(fits: (news: WorkerNews) => boolean): Promise<WorkerNews> {
    const before = this.#news.find(fits);
    if (before) return Promise.resolve(before);
    return new Promise((resolve, reject) => {
      const listener = (news: WorkerNews): void => {
        if (!fits(news)) return;
        this.#listeners.delete(listener);
        resolve(news);
      };
      this.#listeners.add(listener);
      void this.died.then((death) => reject(this.#gone(death)));
    });
  }

  /** Sends a signal to the process: `SIGKILL` ends it as a crash does, `SIGCONT` lets a stopped one go on. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  #hear(line: string): void {
    const said = JSON.parse(line) as WorkerNews | { id: number; answer?: never; error?: string };
    if ('news' in said) {
      this.#news.push(said);
      for (const listener of this.#listeners) listener(said);
      return;
    }
    const pending = this.#pending.get(said.id);
    this.#pending.delete(said.id);
    if (said.error === undefined) pending?.resolve(said.answer as never);
    else pending?.reject(this.#failed(`answered with an error: ${said.error}`));
  }

  #buried(death: WorkerDeath): void {
    living.delete(this);
    for (const { reject } of this.#pending.values()) reject(this.#gone(death));
    this.#pending.clear();
  }

  #gone({ code, signal }: WorkerDeath): BatutaError {
    return this.#failed(
      `ended by ${signal ?? `code ${code}`}; it complained: ${this.#complaints || 'not at all'}`,
    );
  }

  #failed(reason: string): BatutaError<'worker-process-failed'> {
    return new BatutaError('worker-process-failed', { pid: this.pid, reason });
  }
}

/** Starts a worker process; it is ready when this ends, but claims nothing before it is asked to `start`. */
export async function startWorkerProcess(
  setup: WorkerSetup,
  order: CrashOrder | null = null,
): Promise<WorkerHandle> {
  const environment = order === null ? {} : { [crashVariable]: formatCrashOrder(order) };
  // Such a process lives for a second or two: it is not worth optimising the embedded database's code for it.
  const child = spawn(process.execPath, ['--liftoff-only', program], {
    env: {
      ...process.env,
      ...environment,
      NODE_COMPILE_CACHE: compileCache,
      [setupVariable]: JSON.stringify(setup),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const handle = new WorkerHandle(child);
  await handle.heard((news) => news.news === 'ready');
  return handle;
}

/** Kills every worker process that this process has started. Errors: `worker-process-failed` when one would not end: a leak. */
export async function endWorkerProcesses(): Promise<void> {
  const ending = [...living];
  for (const handle of ending) handle.signal('SIGKILL');
  await Promise.all(ending.map((handle) => handle.died));
  const leaked = ending.find(({ pid }) => isAlive(pid));
  if (leaked)
    throw new BatutaError('worker-process-failed', {
      pid: leaked.pid,
      reason: 'is still there after kill -9',
    });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
