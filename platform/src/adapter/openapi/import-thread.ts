import { Worker } from 'node:worker_threads';
import { FaultyPart } from './document/document-fault.ts';
import type { Imported } from './document/import-document.ts';
import type { ImportAnswer, ImportQuestion } from './import-worker.ts';

/** Limits of reading one document. */
export interface ImportLimits {
  timeoutMs: number;
  memoryMb: number;
}

/**
 * Reads a document in a thread of its own, so that neither its size nor its shape holds up anything else; the thread has its own memory, and
 * ends with the document. `take` gets what is found, piece by piece. Throws `FaultyPart`.
 */
export async function importInThread(
  content: Uint8Array,
  take: (items: readonly Imported[]) => void,
  { timeoutMs, memoryMb, signal }: ImportLimits & { signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const worker = startThread(memoryMb);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.on('message', (answer: ImportAnswer) => {
    if (answer.kind === 'piece') take(answer.items);
    else if (answer.kind === 'end') resolve();
    else reject(new FaultyPart(answer.fault.place, answer.fault.reason));
  });
  worker.once('error', (error) => reject(new FaultyPart('/', endOf(error, memoryMb))));
  worker.once('exit', () => reject(new FaultyPart('/', 'its reading was ended')));
  const tooLong = `reading it takes longer than ${timeoutMs / 1000} s`;
  const timer = setTimeout(() => reject(new FaultyPart('/', tooLong)), timeoutMs);
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  // A copy that can be handed over: unpacking a large text would hold up this thread.
  const bytes = new Uint8Array(content);
  worker.postMessage({ bytes } satisfies ImportQuestion, [bytes.buffer]);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function startThread(memoryMb: number): Worker {
  return new Worker(new URL('./import-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    env: {},
    execArgv: [],
  });
}

function endOf(error: unknown, memoryMb: number): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return `reading it needs more than ${memoryMb} MB of memory`;
  }
  return error instanceof Error ? error.message : String(error);
}
