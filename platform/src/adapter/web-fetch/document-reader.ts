import { Worker } from 'node:worker_threads';
import { BatutaError } from '@batuta/contract';
import type { DocumentAnswer, DocumentQuestion, ReadDocument } from './document.ts';

/** What a document may cost. */
export interface ReaderLimits {
  memoryMb: number;
  readMs: number;
  /** After how long without a document the thread ends and gives its memory back. */
  idleMs: number;
}

/**
 * Reads documents, one at a time, in a thread. It is absent until the first document and again after any end: idleness, a document that takes
 * too long, or too much memory. The next document starts another.
 */
export class DocumentReader {
  readonly #limits: ReaderLimits;
  #worker: Worker | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(limits: ReaderLimits) {
    this.#limits = limits;
  }

  /** Errors: `document-unreadable`. */
  read(question: DocumentQuestion): Promise<ReadDocument> {
    const result = this.#tail.then(() => this.#next(question));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #next(question: DocumentQuestion): Promise<ReadDocument> {
    clearTimeout(this.#idle);
    const refuse = (reason: string) =>
      new BatutaError('document-unreadable', { address: question.address, reason });
    const answer = await this.#ask(question).catch(async (error: unknown) => {
      await this.close();
      throw refuse(this.#endOf(error));
    });
    this.#idle = setTimeout(() => void this.close(), this.#limits.idleMs).unref();
    if (answer.ok) return answer.document;
    throw refuse(answer.reason);
  }

  async #ask(question: DocumentQuestion): Promise<DocumentAnswer> {
    this.#worker ??= startThread(this.#limits.memoryMb);
    const worker = this.#worker;
    const { promise, resolve, reject } = Promise.withResolvers<DocumentAnswer>();
    const onExit = () => reject(new DOMException('the thread ended', 'AbortError'));
    worker.once('message', resolve).once('error', reject).once('exit', onExit);
    const timer = setTimeout(() => reject(new DOMException('too long', 'TimeoutError')), this.#limits.readMs);
    worker.postMessage(question, []);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      worker.off('message', resolve).off('error', reject).off('exit', onExit);
    }
  }

  #endOf(error: unknown): string {
    if (error instanceof DOMException && error.name === 'TimeoutError')
      return `reading it takes longer than ${this.#limits.readMs / 1000} s`;
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return `reading it needs more than ${this.#limits.memoryMb} MB of memory`;
    }
    return error instanceof Error ? error.message : String(error);
  }
}

function startThread(memoryMb: number): Worker {
  const worker = new Worker(new URL('document-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.unref();
  return worker.on('error', () => undefined);
}
