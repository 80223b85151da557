import {
  request as send,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Resolve } from '../pinned-http/resolve-host.ts';
import { admitTarget, RefusedTarget, targetOf, type EgressLimits } from './admit-target.ts';
import { connectTarget } from './connect-target.ts';
import type { EgressWay } from './egress-way.ts';

/** Marks answers of the proxy itself. */
const refusalHeader = 'x-batuta-refused';

/** The opening that a request came through. */
export interface ServedWay {
  way: EgressWay;
  limits: EgressLimits;
  resolve: Resolve;
}

/** Headers that are between two neighbours only, and what the proxy alone may read. */
const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A tunnel: TLS, WebSocket, anything. */
export async function serveConnect(
  request: IncomingMessage,
  { client, head, ...by }: ServedWay & { client: Duplex; head: Buffer },
): Promise<void> {
  const authority = request.url ?? '';
  const server = await reach(targetOf(authority, 'https:'), by, authority);
  if (server instanceof RefusedTarget) return tell(client, `403 Forbidden`, server.reason);
  if (client.destroyed) return void server.destroy();
  by.way.join(client, server);
  client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (head.byteLength > 0) server.write(head);
  await Promise.all([pipeline(client, server), pipeline(server, client)]).catch(() => undefined);
}

/** A request without TLS, which is sent on. */
export async function servePlain(
  request: IncomingMessage,
  { response, ...by }: ServedWay & { response: ServerResponse },
): Promise<void> {
  const asked = request.url ?? '';
  const url = /^http:\/\//i.test(asked) ? URL.parse(asked) : null;
  const isPlain = url !== null && url.username === '' && url.password === '';
  const server = await reach(isPlain ? url : undefined, by, asked);
  if (server instanceof RefusedTarget || url === null) {
    const reason = server instanceof RefusedTarget ? server.reason : 'it is no address';
    response
      .writeHead(403, { 'content-type': 'text/plain; charset=utf-8', [refusalHeader]: 'yes' })
      .end(`${reason}\n`);
    return;
  }
  by.way.join(response, server);
  await sendOn(request, { response, server, url });
}

async function sendOn(
  request: IncomingMessage,
  { response, server, url }: { response: ServerResponse; server: Socket; url: URL },
): Promise<void> {
  const { promise: answered, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = send({
    createConnection: () => server,
    method: request.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...endToEnd(request.headers), host: url.host, connection: 'close' },
  });
  outgoing.once('response', resolve).once('error', reject);
  request.pipe(outgoing);
  try {
    const answer = await answered;
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    await pipeline(answer, response);
  } catch {
    if (!response.headersSent) response.writeHead(502).end();
    else response.destroy();
  }
}

function endToEnd(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)));
}

async function reach(url: URL | undefined, by: ServedWay, asked: string): Promise<Socket | RefusedTarget> {
  const { way, limits } = by;
  const found = await admitted(url, by, asked.slice(0, 300));
  if (found instanceof RefusedTarget) {
    way.refuse(found);
    return found;
  }
  try {
    return await connectTarget(found, limits);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new RefusedTarget(found.url.host, `it could not be connected to: ${reason}`);
  }
}

async function admitted(url: URL | undefined, { way, limits, resolve }: ServedWay, asked: string) {
  if (url === undefined) return new RefusedTarget(asked, 'it is no address');
  if (way.exhausted !== undefined) return new RefusedTarget(url.host, way.exhausted);
  return await admitTarget(url, { options: way.options, limits, resolve });
}

/** Answers a CONNECT that is not carried out. */
export function tell(client: Duplex, status: string, reason = ''): void {
  const body = reason === '' ? '' : `${reason.replaceAll(/[\r\n]/g, ' ')}\n`;
  const head = `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  client.end(head + body);
}
