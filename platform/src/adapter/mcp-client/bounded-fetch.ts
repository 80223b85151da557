import { BatutaError } from '@batuta/contract';
import type { FetchLike } from '@modelcontextprotocol/client';

/** A stream of events may stay open for long and carry progress; more than so many messages' worth is a flood. */
const streamFactor = 8;

/**
 * Reads no more of an answer than is allowed: of JSON the whole, of a stream of events one line and the sum. What is cut off ends with an
 * error, as a broken connection does.
 */
export function boundFetch(
  fetch: FetchLike,
  { server, bytes }: { server: string; bytes: number },
): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.body === null) return response;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const body = response.body.pipeThrough(isStream ? boundLines(server, bytes) : boundTotal(server, bytes));
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };
}

function boundTotal(server: string, most: number): TransformStream<Uint8Array, Uint8Array> {
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.length;
      if (total > most) controller.error(tooMuch(server, most));
      else controller.enqueue(chunk);
    },
  });
}

function boundLines(server: string, most: number): TransformStream<Uint8Array, Uint8Array> {
  let line = 0;
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const newline = chunk.lastIndexOf(10);
      total += chunk.length;
      line = newline < 0 ? line + chunk.length : chunk.length - newline - 1;
      if (line > most || total > most * streamFactor) controller.error(tooMuch(server, most));
      else controller.enqueue(chunk);
    },
  });
}

function tooMuch(server: string, most: number): Error {
  const reason = `it sent a message of more than ${most / 1_000_000} MB`;
  return new BatutaError('tool-server-unavailable', { server, reason });
}
