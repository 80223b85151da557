import type { Writable } from 'node:stream';
import type { Io } from './io.ts';

/** The surroundings of the real process. */
export function processIo(host: NodeJS.Process): Io & { flush(): Promise<void> } {
  const { stdin: input, stdout: output, stderr: error } = host;
  // The reader of a pipe may go (`| head`): that ends the writing, and is no failure.
  for (const stream of [output, error]) stream.on('error', () => stream.destroy());
  return {
    input,
    output,
    error,
    environment: host.env,
    folder: host.cwd(),
    onInterrupt: (listener) => {
      host.on('SIGINT', listener).on('SIGTERM', listener);
      return () => void host.off('SIGINT', listener).off('SIGTERM', listener);
    },
    now: () => Date.now(),
    flush: async () => {
      await Promise.all([written(output), written(error)]);
    },
  };
}

function written(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });
}
