import type { IncomingMessage } from 'node:http';

import type { JsonObject } from '@batuta/contract';

/** A body that was read, or why it was not. */
export type ReadBody =
  | { kind: 'read'; body: JsonObject; bytes: number }
  | { kind: 'refused'; status: 400 | 413; reason: string };

/** Reads a JSON object from a request. Contract: calls back once; not at all when the client leaves first. */
export function readBody(
  incoming: IncomingMessage,
  limitBytes: number,
  done: (read: ReadBody) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limitBytes) chunks.push(chunk);
  });
  incoming.on('end', () => {
    if (bytes > limitBytes) {
      done({ kind: 'refused', status: 413, reason: `The body is larger than ${limitBytes} bytes.` });
      return;
    }
    const [first] = chunks;
    done(parse((chunks.length === 1 && first ? first : Buffer.concat(chunks)).toString('utf8'), bytes));
  });
}

function parse(text: string, bytes: number): ReadBody {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return { kind: 'read', body: body as JsonObject, bytes };
    }
    return { kind: 'refused', status: 400, reason: 'The body is not a JSON object.' };
  } catch (error) {
    return { kind: 'refused', status: 400, reason: `The body is not JSON: ${String(error)}` };
  }
}
