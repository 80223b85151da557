import type { FetchLike } from '@modelcontextprotocol/client';
import type { Agent } from 'undici';

/** A stream of events may be silent for as long as a call lasts; what ends it is the call's own time. */
const limits = { connectTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0, connections: 64 };

/**
 * A `fetch` to the addresses of servers, with no time limits but the caller's: the global one gives a silent stream up after five minutes.
 * Undici is imported with the first request.
 */
export function makeServerFetch(): FetchLike {
  let agent: Agent | undefined;
  return async (input, { method = 'GET', headers, body, signal, redirect = 'follow' } = {}) => {
    const { Agent: MakeAgent, fetch } = await import('undici');
    agent ??= new MakeAgent(limits);
    const answer = await fetch(input, {
      method,
      redirect,
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === 'string' ? body : null,
      signal: signal ?? null,
      dispatcher: agent,
    });
    const { status, statusText } = answer;
    const stream = [204, 205, 304].includes(status) ? null : answer.body;
    return new Response(stream && copyStream(stream.getReader()), {
      status,
      statusText,
      headers: Object.fromEntries(answer.headers),
    });
  };
}

interface ChunkReader {
  read(): Promise<{ done: boolean; value?: Uint8Array<ArrayBuffer> }>;
  cancel(reason?: unknown): Promise<void>;
}

/** The same stream as the runtime's own kind, which responses are made of. */
function copyStream(reader: ChunkReader): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done || !value) controller.close();
      else controller.enqueue(value);
    },
    cancel: async (reason) => await reader.cancel(reason),
  });
}
