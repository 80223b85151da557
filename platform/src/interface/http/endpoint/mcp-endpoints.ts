import { BatutaError } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import type { Exchange } from '../exchange.ts';
import { readBytes } from '../request/read-body.ts';
import { authorise } from '../security/authorise.ts';
import { addressOf } from '../security/login-cookie.ts';

const path = '/mcp';
const metadataPath = '/.well-known/oauth-protected-resource';

/**
 * The platform as a tool server. A key or token must come in the header: the cookie of a browser does not count. Requests are told to the
 * audit log by what they ask for, so that the endpoint itself records only those that were kept out.
 */
const mcp: Endpoint = {
  ...definePage(
    {
      path,
      summary: 'Model Context Protocol, streamable HTTP.',
      method: 'POST',
      scope: 'any',
      recorded: 'never',
    },
    answerMcp,
  ),
};

async function answerMcp(exchange: Exchange): Promise<Response> {
  const { door, context } = exchange;
  exchange.challenge = challengeOf(exchange);
  const identity = await authorise(exchange, { scope: 'any', isCounted: true, isBearerOnly: true });
  const request = context.req.raw;
  const body = await readBytes(request, door.settings.maxBodyBytes);
  // Loaded with the first request: most processes never speak it.
  const { serveMcp } = await import('../../mcp/serve-mcp.ts');
  const { application, clock, log, stopping } = door;
  const userAgent = context.req.header('user-agent') ?? null;
  const answer = await serveMcp(
    { application, identity, clock, log, userAgent, stopping },
    { request, body, maxStreams: door.settings.maxStreams },
  );
  for (const [name, value] of Object.entries(exchange.headers)) answer.headers.set(name, value);
  return answer;
}

/** Where a client that has no token learns who gives one (RFC 9728). */
function challengeOf(exchange: Exchange): string {
  if (exchange.door.settings.issuers.length === 0) return 'Bearer';
  return `Bearer resource_metadata="${addressOf(exchange)}${metadataPath}${path}"`;
}

function metadataAt(place: string): Endpoint {
  return definePage(
    { path: place, summary: 'Who gives tokens for the MCP endpoint (RFC 9728).' },
    async (exchange) => {
      const { issuers } = exchange.door.settings;
      if (issuers.length === 0) throw new BatutaError('route-unknown', { method: 'GET', path: place });
      return answerJson(exchange, {
        resource: `${addressOf(exchange)}${path}`,
        authorization_servers: issuers,
        bearer_methods_supported: ['header'],
        resource_name: 'Batuta',
      });
    },
  );
}

export const mcpEndpoints: readonly Endpoint[] = [
  mcp,
  metadataAt(metadataPath),
  metadataAt(`${metadataPath}${path}`),
];
