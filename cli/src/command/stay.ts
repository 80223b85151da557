import type { RunningPlatform } from '@batuta/platform';
import { collectOnceIdle, thisProcess } from '../collect-once-idle.ts';
import { exitCodes } from '../command-context.ts';
import type { Io } from '../terminal/io.ts';

/**
 * Keeps a platform running until it is interrupted. The first interrupt stops it gracefully, the second one at once.
 * Gives the exit code.
 */
export async function stayUntilInterrupted(
  io: Io,
  platform: RunningPlatform,
  onStopping: () => void,
): Promise<number> {
  const stopped = Promise.withResolvers<number>();
  let interrupts = 0;
  collectOnceIdle(thisProcess());
  const stop = async (now: boolean): Promise<void> => {
    await platform.stop({ now });
    stopped.resolve(interrupts > 1 ? exitCodes.interrupted : exitCodes.done);
  };
  const off = io.onInterrupt(() => {
    interrupts += 1;
    if (interrupts === 1) onStopping();
    if (interrupts <= 2) stop(interrupts === 2).catch(stopped.reject);
  });
  return stopped.promise.finally(off);
}
