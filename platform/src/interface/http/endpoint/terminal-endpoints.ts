import { BatutaError, terminalQuerySchema, terminalRequestSchema, type JsonObject } from '@batuta/contract';
import type {
  AttachedTerminal,
  AttachTerminal,
  TerminalViewer,
} from '../../../application/terminal/terminal-door.ts';
import type { SocketConnection, SocketHandler } from '../../socket/socket-connection.ts';
import { checkMessage } from '../../socket/check-message.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import { makeTerminalPage } from '../page/terminal/terminal-page.ts';
import { readTerminalAsset } from '../page/terminal/terminal-assets.ts';
import { answerPage } from '../page/page.ts';
import { preferredLanguage } from '../request/accept-language.ts';
import { sessionParams } from '../request/path-params.ts';
import { authorise } from '../security/authorise.ts';
import { addressOf } from '../security/login-cookie.ts';
import { defineSocketEndpoint } from '../socket-endpoint.ts';

const open = defineSocketEndpoint({
  path: '/v1/sessions/{id}/terminal',
  summary: 'Sit at a terminal in the sandbox of a session (WebSocket).',
  group: 'Sessions',
  scope: 'terminals:write',
  params: sessionParams,
  query: terminalQuerySchema,
  errors: ['sandbox-off', 'terminal-unconfined', 'terminal-unknown', 'terminals-full'],
  async admit({ door, identity, params, query }) {
    const { terminal: terminalId, columns, rows } = query;
    const order = { sessionId: params.id, terminalId };
    const attach = await door.application.terminals.admit(identity, order);
    return (connection) => serve(connection, attach, { sessionId: params.id, size: { columns, rows } });
  },
});

async function serve(
  connection: SocketConnection,
  attach: AttachTerminal,
  { sessionId, size }: { sessionId: string; size: { columns: number; rows: number } },
): Promise<SocketHandler> {
  const terminal = await attach(viewerOf(connection), size);
  connection.send({
    type: 'opened',
    terminal: terminal.id,
    session_id: sessionId,
    sandbox: terminal.sandbox,
    resumed: terminal.isResumed,
    grace_seconds: terminal.graceSeconds,
  });
  const screen = terminal.begin();
  if (screen.byteLength > 0) connection.sendBytes(screen);
  return {
    message: (message) => obey(terminal, message),
    bytes: (piece) => terminal.type(piece),
    closed: () => terminal.leave(),
  };
}

function viewerOf(connection: SocketConnection): TerminalViewer {
  return {
    shown: (piece) => void connection.sendBytes(piece),
    drained: () => connection.drained(),
    ended: ({ reason, exit_code, limit }) => {
      connection.send({ type: 'ended', reason, exit_code, limit });
      connection.end();
    },
    replaced: () => connection.fail(new BatutaError('terminal-taken', {})),
  };
}

function obey(terminal: AttachedTerminal, message: JsonObject): void {
  const request = checkMessage(terminalRequestSchema, message);
  if (request.type === 'close') terminal.close('closed');
  else terminal.resize({ columns: request.columns, rows: request.rows });
}

const page = definePage(
  { path: '/terminal/{id}', summary: 'Sit at a terminal in a browser.', recorded: 'access' },
  async (exchange) => {
    const { context, door } = exchange;
    const identity = await authorise(exchange, { scope: 'terminals:write', isCounted: true });
    const { id } = await door.application.sessions.get(identity, context.req.param('id') ?? '');
    const language = preferredLanguage(context.req.header('accept-language'), ['en', 'es', 'pt']);
    return answerPage(exchange, makeTerminalPage({ sessionId: id, address: addressOf(exchange), language }));
  },
);

const asset = definePage(
  { path: '/terminal/assets/{name}', summary: 'What the page of terminals is made of.' },
  async (exchange) => {
    const { context, headers } = exchange;
    const found = await readTerminalAsset(context.req.param('name') ?? '');
    if (!found)
      throw new BatutaError('route-unknown', { method: 'GET', path: context.req.path.slice(0, 256) });
    return new Response(found.content, {
      headers: { ...headers, 'content-type': found.mediaType, 'cache-control': 'no-cache', etag: found.tag },
    });
  },
);

export const terminalEndpoints: readonly Endpoint[] = [open, page, asset];
