import { BatutaError, isEnded } from '@batuta/contract';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Identity } from '../../../application/access/identity.ts';
import type { StreamTarget } from '../../../application/stream/frame.ts';
import { type AnswerHeaders, answerEmpty } from '../answer.ts';
import type { Exchange } from '../exchange.ts';
import type { EventStream } from './event-stream.ts';
import { createNodeStreamWriter } from './node-stream-writer.ts';
import { createWebStreamWriter } from './web-stream-writer.ts';

/** An exchange of a known client. */
export type IdentifiedExchange = Exchange & { identity: Identity };

const streamHeaders: AnswerHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Tells nginx and its kin to pass every piece on at once.
  'x-accel-buffering': 'no',
};

/** The cursor that a client comes back with: what a browser sends by itself wins over the query of the first request. */
export function readCursor({ context }: Exchange, after: string | undefined): string | undefined {
  const lastEventId = context.req.header('last-event-id');
  return lastEventId === undefined || lastEventId === '' ? after : lastEventId;
}

/**
 * Answers with the frames of a target. Errors before the first frame are answered as problems; a client that comes back
 * to something that has ended and has nothing more to send gets 204, which tells a browser to stop connecting.
 */
export async function answerStream(
  exchange: IdentifiedExchange,
  target: StreamTarget,
  headers: AnswerHeaders = {},
): Promise<Response> {
  const { application, streams } = exchange.door;
  refuseHead(exchange);
  const isOver = await wasOver(exchange, target);
  const stream = streams.add();
  const following = application.streams
    .follow(exchange.identity, target, stream)
    .then((stop) => stream.follow(stop));
  try {
    // Something that is over has a first frame or its end soon; something live may be quiet for long.
    await Promise.race([stream.begun, isOver ? following.then(() => stream.begun) : following]);
  } catch (error) {
    stream.abandon();
    throw error;
  }
  following.catch((error: unknown) => endBroken(exchange, stream, error));
  if (stream.isEmpty && target.after !== undefined) {
    stream.abandon();
    return answerEmpty(exchange, 204, headers);
  }
  return begin(exchange, stream, { ...exchange.headers, ...streamHeaders, ...headers });
}

/** Whether a client comes back to a run that has ended meanwhile. */
async function wasOver({ door, identity }: IdentifiedExchange, target: StreamTarget): Promise<boolean> {
  if (target.runId === undefined || target.after === undefined) return false;
  return isEnded((await door.application.runs.get(identity, target.runId)).status);
}

/** A stream has no end that a HEAD request could tell. */
function refuseHead({ context }: Exchange): void {
  if (context.req.method !== 'HEAD') return;
  throw new BatutaError('method-not-allowed', { method: 'HEAD', path: context.req.path, allowed: 'GET' });
}

/** Chooses the raw response where there is one: bench/sse.ts has the figures. */
function begin({ context }: Exchange, stream: EventStream, headers: AnswerHeaders): Response {
  const outgoing = context.env?.outgoing;
  if (outgoing !== undefined) {
    stream.open(createNodeStreamWriter(outgoing, headers, stream));
    return RESPONSE_ALREADY_SENT;
  }
  const { writer, body } = createWebStreamWriter(stream);
  stream.open(writer);
  return new Response(body, { headers });
}

/** What feeds the stream failed after it began: the client shall come back with its cursor. */
function endBroken({ door }: Exchange, stream: EventStream, error: unknown): void {
  door.log.warn('a stream broke off', { error });
  stream.end({ retry: true });
}
