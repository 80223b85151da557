import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { takePipe } from './real-pipes.ts';

/** What a command writes, and where it comes out. */
export interface CommandOutputs {
  /** What the command gets as its descriptors 1 and 2. */
  stdio: readonly ['pipe' | number, 'pipe' | number];
  /** Where it comes out; asked when the process has been started, or has not been. */
  of(child: ChildProcess): { stdout: Readable | null; stderr: Readable | null };
}

/** Two pipes, or what Node makes instead where there are none. */
export async function openOutputs(): Promise<CommandOutputs> {
  const [out, error] = [await takePipe(), await takePipe()];
  if (!out || !error) {
    for (const pipe of [out, error]) {
      pipe?.handedOver();
      pipe?.reader.destroy();
    }
    return { stdio: ['pipe', 'pipe'], of: ({ stdout, stderr }) => ({ stdout, stderr }) };
  }
  for (const { reader } of [out, error]) reader.on('error', () => undefined);
  return {
    stdio: [out.descriptor, error.descriptor],
    of: () => {
      out.handedOver();
      error.handedOver();
      return { stdout: out.reader, stderr: error.reader };
    },
  };
}

/** Ends when a stream has given everything. */
export function closed(stream: Readable | null): Promise<void> {
  if (stream === null || stream.closed) return Promise.resolve();
  return new Promise((resolve) => void stream.once('close', resolve));
}
