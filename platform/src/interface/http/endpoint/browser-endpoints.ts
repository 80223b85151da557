import { BatutaError, liveRequestSchema, type JsonObject } from '@batuta/contract';
import type { LiveConnection, LiveViewer } from '../../../application/browser/live-views.ts';
import { latestPicture } from '../../socket/latest-picture.ts';
import type { SocketConnection, SocketHandler } from '../../socket/socket-connection.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import { livePageLanguages, makeLivePage } from '../page/live-page.ts';
import { liveScript, liveStyle } from '../page/live-page-files.ts';
import { answerPage } from '../page/page.ts';
import { preferredLanguage } from '../request/accept-language.ts';
import { sessionParams } from '../request/path-params.ts';
import { defineSocketEndpoint } from '../socket-endpoint.ts';

const live = defineSocketEndpoint({
  path: '/v1/sessions/{id}/browser/live',
  summary: 'Watch the browser of a session, and take it over.',
  group: 'Sessions',
  scope: 'sessions:read',
  params: sessionParams,
  limits: { maxMessageBytes: 20_000, messagesPerSecond: 60, bytesPerSecond: 60_000 },
  async admit({ door, identity, params }) {
    const begin = await door.application.browsers.watch(identity, params.id);
    const mayAct = identity.scopes.has('browsers:write');
    return (connection) => serve(connection, { begin, mayAct });
  },
});

function serve(
  connection: SocketConnection,
  { begin, mayAct }: { begin: (viewer: LiveViewer) => LiveConnection; mayAct: boolean },
): SocketHandler {
  const watching = begin({ state: (state) => connection.send(state), frame: latestPicture(connection) });
  return {
    message: (message) => handle(message, { watching, mayAct }),
    closed: () => watching.close(),
  };
}

function handle(
  message: JsonObject,
  { watching, mayAct }: { watching: LiveConnection; mayAct: boolean },
): void | Promise<void> {
  const read = liveRequestSchema.safeParse(message);
  // What was typed is not repeated in the error.
  if (!read.success)
    throw new BatutaError('socket-message-invalid', { reason: 'it is none of those of live views' });
  if (!mayAct) throw new BatutaError('permission-missing', { scope: 'browsers:write' });
  if (read.data.type === 'take_over') return watching.takeOver();
  if (read.data.type === 'give_back') return watching.giveBack();
  return watching.act(read.data);
}

const page = definePage(
  { path: '/browser/{session}', summary: 'The page that shows the browser of a session.' },
  async (exchange) => {
    const { req } = exchange.context;
    const language = preferredLanguage(req.header('accept-language'), livePageLanguages);
    const session = req.path.split('/').at(-1) ?? '';
    const answer = answerPage(exchange, makeLivePage(session, language));
    answer.headers.set('vary', 'accept-language');
    return answer;
  },
);

const script = definePage({ path: '/browser/assets/live.js', summary: 'Its script.' }, async ({ headers }) =>
  answerFile(await liveScript(), 'text/javascript', headers),
);

const style = definePage(
  { path: '/browser/assets/live.css', summary: 'Its style sheet.' },
  async ({ headers }) => answerFile(await liveStyle(), 'text/css', headers),
);

function answerFile(text: string, type: string, headers: HeadersInit): Response {
  const answer = new Response(text, { headers });
  answer.headers.set('content-type', `${type}; charset=utf-8`);
  answer.headers.set('cache-control', 'no-cache');
  return answer;
}

export const browserEndpoints: readonly Endpoint[] = [live, script, style, page];
