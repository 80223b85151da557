import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { BatutaError, socketProtocol } from '@batuta/contract';
import type { AdmittedSocket } from '../socket/open-sockets.ts';
import type { HttpApp } from './create-http-app.ts';
import type { Upgrade } from './exchange.ts';
import { renderProblem } from './problem.ts';
import { securityHeaders } from './security/security-headers.ts';
import { writeAnswer } from './write-answer.ts';

/** Everything of a connection that has left the hands of the HTTP server. */
interface Handover {
  incoming: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** Whether a request wants to become a WebSocket at an address where that means something. All others are ordinary requests. */
export function wantsSocket({ method, headers, url = '' }: IncomingMessage, app: HttpApp): boolean {
  const isAsked = headers.upgrade?.toLowerCase() === 'websocket';
  return isAsked && method === 'GET' && app.sockets?.isPath(url.split('?', 1)[0] ?? '') === true;
}

/** The connections that were upgraded, or are about to be. */
export interface Upgrades {
  /** Cuts those that are still open. */
  destroy(): void;
}

/**
 * Upgrades connections: the request goes through the app like every other, and only when its endpoint has admitted it is it upgraded.
 */
export function attachUpgrades(server: Server, app: HttpApp): Upgrades {
  const sockets = new Set<Duplex>();
  server.on('upgrade', (incoming, socket, head) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Node.js has taken its listener off.
    socket.on('error', () => socket.destroy());
    void upgrade(app, { incoming, socket, head });
  });
  return {
    destroy() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Contract: never rejects, for the app answers whatever happens. */
async function upgrade(app: HttpApp, handover: Handover): Promise<void> {
  const { incoming, socket } = handover;
  const request = toRequest(incoming);
  if (request === null) return refuse(socket, 'its address or headers cannot be read');
  const asked: Upgrade = {};
  const answer = await app.fetch(request, { incoming, upgrade: asked });
  const { admitted } = asked;
  if (admitted === undefined) return writeAnswer(socket, answer, await answer.text());
  // Loaded with the first connection: many servers see none.
  const { WebSocketServer } = await import('ws');
  if (socket.destroyed) return admitted.seat.leave();
  shakeHands(app, { ...handover, WebSocketServer }, admitted);
}

function shakeHands(
  app: HttpApp,
  { incoming, socket, head, WebSocketServer }: Handover & Pick<typeof import('ws'), 'WebSocketServer'>,
  admitted: AdmittedSocket,
): void {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: admitted.limits.maxMessageBytes,
    handleProtocols: (offered) => (offered.has(socketProtocol) ? socketProtocol : false),
  });
  server.on('wsClientError', (error) => {
    admitted.seat.leave();
    refuse(socket, error.message);
  });
  server.handleUpgrade(incoming, socket, head, (webSocket) => app.sockets?.begin(webSocket, admitted));
}

function refuse(socket: Duplex, reason: string): void {
  const problem = renderProblem(new BatutaError('request-malformed', { reason }));
  const headers = { ...securityHeaders, 'content-type': 'application/problem+json' };
  const body = JSON.stringify(problem);
  writeAnswer(socket, new Response(null, { status: problem.status, headers }), body);
}

/** Null: it cannot be a request. */
function toRequest({ url, headers, rawHeaders }: IncomingMessage): Request | null {
  try {
    const sent = new Headers();
    for (let at = 0; at + 1 < rawHeaders.length; at += 2)
      sent.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
    return new Request(new URL(url ?? '/', `http://${headers.host ?? 'unknown.invalid'}`), { headers: sent });
  } catch {
    return null;
  }
}
