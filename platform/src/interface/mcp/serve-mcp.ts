import { randomUUID } from 'node:crypto';
import { BatutaError } from '@batuta/contract';
import { createMcpHandler, type Server } from '@modelcontextprotocol/server';
import { makeMcpServer, type McpDelivery } from './make-mcp-server.ts';
import type { McpCaller } from './mcp-caller.ts';
import { OpenAnswers } from './open-answers.ts';
import { RunningRequests } from './running-requests.ts';

/** A request whose body was read within its limit. */
export interface McpRequest {
  request: Request;
  body: Uint8Array;
  /** Answers that may be under way at one time. */
  maxStreams: number;
}

const running = new RunningRequests();
const openAnswers = new OpenAnswers();
const sessionHeader = 'mcp-session-id';

/** Answers one request of the protocol, of either era. Errors: `mcp-batch-refused`, `streams-full`. */
export async function serveMcp(
  caller: McpCaller,
  { request, body, maxStreams }: McpRequest,
): Promise<Response> {
  const message = parse(body);
  // One request is counted against the limits: a list of messages would be many.
  if (Array.isArray(message)) throw new BatutaError('mcp-batch-refused', {});
  openAnswers.refuseMoreThan(maxStreams);
  const session = request.headers.get(sessionHeader);
  if (isObject(message)) takeCancellation(caller, session, message);
  const requestId = isObject(message) ? idOf(message) : undefined;
  const entered = requestId === undefined ? undefined : running.enter(caller.identity, session, requestId);
  const handler = createMcpHandler(
    ({ era }): Server => makeMcpServer(caller, deliveryOf(era, entered?.signal)),
    {
      onerror: (error) => caller.log.debug('a request of MCP was refused', { error: error.message }),
      maxSubscriptions: 1,
    },
  );
  const answer =
    message === undefined
      ? await handler.fetch(unread(request, body))
      : await handler.fetch(request, { parsedBody: message });
  // What waits for a run answers by itself when the server stops; what only listens would not.
  const ends = isObject(message) && message['method'] === 'subscriptions/listen' ? caller.stopping : null;
  return openAnswers.watch(withSession(answer, message), { ends, done: () => entered?.leave() });
}

/** A body that is no JSON is refused by the protocol's own words. */
function unread({ url, headers }: Request, body: Uint8Array): Request {
  return new Request(url, { method: 'POST', headers, body: Buffer.from(body) });
}

/** Over HTTP only clients of 2026-07-28 can be asked something, and cancel by hanging up. */
function deliveryOf(era: 'legacy' | 'modern', cancelled: AbortSignal | undefined): McpDelivery {
  return {
    canAsk: era === 'modern',
    cancelled: era === 'legacy' ? (cancelled ?? null) : null,
  };
}

function takeCancellation(
  { identity }: McpCaller,
  session: string | null,
  { method, params }: Record<string, unknown>,
): void {
  if (method !== 'notifications/cancelled' || !isObject(params)) return;
  const id = params['requestId'];
  if (typeof id === 'string' || typeof id === 'number') running.cancel(identity, session, id);
}

/** A client of 2025-11-25 is given a session, so that its cancellations find its requests. Nothing else is kept of it. */
function withSession(answer: Response, message: unknown): Response {
  if (isObject(message) && message['method'] === 'initialize' && answer.ok) {
    answer.headers.set(sessionHeader, randomUUID());
  }
  return answer;
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function idOf({ id, method }: Record<string, unknown>): string | number | undefined {
  if (method !== 'tools/call') return undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
