import { Worker } from 'node:worker_threads';
import { BatutaError } from '@batuta/contract';
import type { CalculatorAnswer, CalculatorQuestion } from './calculator-worker.ts';

export interface CalculatorLimits {
  /** Longest calculation, without the loading of the library. */
  calculationMs: number;
  memoryMb: number;
  /** After how long without a question the thread ends and gives its memory back. */
  idleMs: number;
}

/** Longest start of the thread: it loads a large library, on a busy machine. */
const startMs = 20_000;

/** Calculates expressions. */
export interface Calculator {
  /** The result as text. Errors: `tool-failed`. */
  calculate(expression: string): Promise<string>;
  /** Ends the thread, if there is one. */
  close(): Promise<void>;
}

/**
 * A thread that calculates. It is absent until the first question and again after any end. A calculation that takes too long or too
 * much memory ends it, and so does idleness; the next question starts another. Questions are answered one at a time.
 */
export function makeCalculator(limits: CalculatorLimits): Calculator {
  let worker: Worker | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  async function close(): Promise<void> {
    clearTimeout(idle);
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  }

  async function ready(): Promise<Worker> {
    if (worker !== undefined) return worker;
    const started = startThread(limits.memoryMb);
    worker = started;
    started.once('exit', () => (worker = worker === started ? undefined : worker));
    await ask({ worker: started, ms: startMs }, '1');
    return started;
  }

  async function next(expression: string): Promise<string> {
    clearTimeout(idle);
    try {
      const answer = await ask({ worker: await ready(), ms: limits.calculationMs }, expression);
      idle = setTimeout(() => void close(), limits.idleMs).unref();
      if (answer.ok) return answer.text;
      throw failed(answer.text);
    } catch (error) {
      if (!BatutaError.is(error)) await close();
      throw BatutaError.is(error) ? error : failed(endOf(error, limits), error);
    }
  }

  function calculate(expression: string): Promise<string> {
    const result = tail.then(() => next(expression));
    tail = result.catch(() => undefined);
    return result;
  }

  return { calculate, close };
}

function startThread(memoryMb: number): Worker {
  const worker = new Worker(new URL('./calculator-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 2 },
    env: {},
    execArgv: [],
  });
  worker.unref();
  // Nobody may be asking when it fails; its end is noticed by the next question.
  return worker.on('error', () => undefined);
}

/** Sends one question and waits for its answer; rejects when the thread ends or the time is over. */
async function ask(
  { worker, ms }: { worker: Worker; ms: number },
  expression: string,
): Promise<CalculatorAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<CalculatorAnswer>();
  const onExit = (): void => reject(new DOMException('the thread ended', 'AbortError'));
  worker.once('message', resolve).once('error', reject).once('exit', onExit);
  const timer = setTimeout(() => reject(new DOMException('too long', 'TimeoutError')), ms);
  worker.postMessage({ expression } satisfies CalculatorQuestion, []);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.off('message', resolve).off('error', reject).off('exit', onExit);
  }
}

function endOf(error: unknown, { calculationMs, memoryMb }: CalculatorLimits): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return `it takes longer than ${calculationMs / 1000} s; ask for something smaller`;
  }
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return `it needs more than ${memoryMb} MB of memory; ask for something smaller`;
  }
  return error instanceof Error ? error.message : String(error);
}

function failed(reason: string, cause?: unknown): BatutaError<'tool-failed'> {
  return new BatutaError('tool-failed', { tool: 'calculator', reason }, { cause });
}
