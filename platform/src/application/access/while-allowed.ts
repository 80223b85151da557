import { BatutaError, type AccessEndReason } from '@batuta/contract';
import type { Identity } from './identity.ts';
import type { StandingWatch } from './standing-watch.ts';

/**
 * Goes on with what somebody is given piece by piece for as long as they may have it. Errors: `access-ended`, so that nobody takes what they
 * got for the whole; and those of the pieces.
 */
export async function* whileAllowed<T>(
  standings: Pick<StandingWatch, 'watch'>,
  identity: Identity,
  pieces: AsyncIterable<T>,
): AsyncGenerator<T> {
  const ended: AccessEndReason[] = [];
  const unwatch = standings.watch(identity, (reason) => void ended.push(reason));
  try {
    for await (const piece of pieces) {
      const [reason] = ended;
      if (reason !== undefined) throw new BatutaError('access-ended', { reason });
      yield piece;
    }
  } finally {
    unwatch();
  }
}
