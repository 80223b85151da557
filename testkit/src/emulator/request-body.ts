import type { IncomingMessage } from 'node:http';

import type { JsonObject } from '@batuta/contract';

import { readBytes } from '../http/read-bytes.ts';

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
  readBytes(incoming, limitBytes, (bytes) => {
    if (bytes === undefined) {
      done({ kind: 'refused', status: 413, reason: `The body is larger than ${limitBytes} bytes.` });
    } else {
      done(parse(bytes));
    }
  });
}

function parse(bytes: Buffer): ReadBody {
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return { kind: 'read', body: body as JsonObject, bytes: bytes.length };
    }
    return { kind: 'refused', status: 400, reason: 'The body is not a JSON object.' };
  } catch (error) {
    return { kind: 'refused', status: 400, reason: `The body is not JSON: ${String(error)}` };
  }
}
