import { createInterface } from 'node:readline';
import type { Io } from '../terminal/io.ts';
import { LineQueue, type Lines } from './lines.ts';

/** Lines of a pipe or a file. Nothing is shown. */
export function pipedLines(input: Io['input']): Lines {
  const queue = new LineQueue();
  const reader = createInterface({ input, crlfDelay: Infinity });
  reader.on('line', (line) => queue.push(line));
  reader.on('close', () => queue.end());
  return {
    interactive: false,
    show: () => undefined,
    hide: () => undefined,
    next: (signal) => queue.next(signal),
    get ended() {
      return queue.ended;
    },
    close: () => reader.close(),
  };
}
