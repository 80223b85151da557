import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a message; nothing when it is larger than the limit. Contract: calls back once; not at all when the
 * other side leaves first.
 */
export function readBytes(
  incoming: IncomingMessage,
  limitBytes: number,
  done: (bytes: Buffer | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  });
  incoming.on('end', () => {
    const [first] = chunks;
    if (size > limitBytes) done(undefined);
    else done(chunks.length === 1 && first ? first : Buffer.concat(chunks));
  });
}
