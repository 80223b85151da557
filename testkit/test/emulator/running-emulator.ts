import { afterAll, beforeAll, beforeEach } from 'vitest';

import { startEmulator, type Emulator } from '../../src/emulator/emulator.ts';

/** One emulator for all tests of a file, forgetting everything before each. */
export function runningEmulator(): () => Emulator {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  beforeEach(() => emulator?.reset());
  afterAll(async () => emulator?.stop());
  return () => {
    if (emulator === undefined) throw new TypeError('The emulator runs only within tests.');
    return emulator;
  };
}

/** All items of a stream. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
