import { BatutaError } from '@batuta/contract';

/** The pieces of a body. When none comes for `idleMs` the connection is taken for dead: `server-unreachable`. */
export async function* readWithin(
  body: ReadableStream<Uint8Array>,
  { idleMs, url }: { idleMs: number; url: string },
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const piece = await withDeadline(reader.read(), { idleMs, url });
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    // A broken stream has nothing to cancel.
    reader.cancel().catch(() => undefined);
  }
}

async function withDeadline<T>(
  reading: Promise<T>,
  { idleMs, url }: { idleMs: number; url: string },
): Promise<T> {
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = `nothing came for ${idleMs / 1000} s`;
    expired.reject(new BatutaError('server-unreachable', { url, reason }));
  }, idleMs);
  try {
    return await Promise.race([reading, expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}
