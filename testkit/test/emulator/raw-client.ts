import { request, type IncomingHttpHeaders } from 'node:http';

/** What a client saw of an answer. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Whether the answer ended as HTTP wants it, instead of with a broken connection. */
  complete: boolean;
}

/** A request under way. */
export interface RawCall {
  answer: Promise<RawAnswer>;
  /** Resolves when the first bytes of the body are there. */
  firstBytes: Promise<void>;
  leave: () => void;
}

/** Sends a body to an address and reads the answer byte by byte, as no client library lets one. */
export function post(url: string, body: object): RawCall {
  const answer = Promise.withResolvers<RawAnswer>();
  const firstBytes = Promise.withResolvers<void>();
  const sent = request(
    url,
    { method: 'POST', headers: { 'content-type': 'application/json' } },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        firstBytes.resolve();
      });
      incoming.on('error', () => {});
      incoming.on('close', () =>
        answer.resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks),
          complete: incoming.complete,
        }),
      );
    },
  );
  sent.on('error', answer.reject);
  sent.end(JSON.stringify(body));
  return { answer: answer.promise, firstBytes: firstBytes.promise, leave: () => sent.destroy() };
}
