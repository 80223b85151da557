import { createInterface } from 'node:readline';
import type { Io } from './io.ts';

/** Asks on a terminal and gives the line that is typed; empty when the input ends or is interrupted. */
export function askLine(io: Pick<Io, 'input' | 'error'>, prompt: string): Promise<string> {
  const reader = createInterface({ input: io.input, output: io.error, terminal: false });
  io.error.write(prompt);
  return new Promise((resolve) => {
    reader.once('line', (line) => {
      resolve(line.trim());
      reader.close();
    });
    reader.once('close', () => resolve(''));
  });
}
