import { BatutaError } from '@batuta/contract';
import {
  checkResourceAllowed,
  discoverOAuthServerInfo,
  extractWWWAuthenticateParams,
  resourceUrlFromServerUrl,
  type FetchLike,
  type OAuthServerInfo,
} from '@modelcontextprotocol/client';
import { reasonOf } from './describe-failure.ts';

export interface DiscoverOptions {
  server: string;
  url: URL;
  fetch: FetchLike;
}

/**
 * Finds where people consent for a server: as its answer to somebody unknown says, and its metadata (RFC 9728, RFC 8414, OpenID Connect). Nothing is
 * remembered, because a server may move to another authorisation server; those who ask at the same time share the answer.
 */
export function makeDiscovery(options: DiscoverOptions): () => ReturnType<typeof discover> {
  let underWay: ReturnType<typeof discover> | undefined;
  return async () => {
    underWay ??= discover(options).finally(() => (underWay = undefined));
    return await underWay;
  };
}

async function discover({ server, url, fetch }: DiscoverOptions) {
  try {
    const challenge = extractWWWAuthenticateParams(await askUnknown(url, fetch));
    const { resourceMetadataUrl } = challenge;
    const info = await discoverOAuthServerInfo(url, {
      fetchFn: fetch,
      ...(resourceMetadataUrl ? { resourceMetadataUrl } : {}),
    });
    return {
      authorizationServerUrl: info.authorizationServerUrl,
      metadata: info.authorizationServerMetadata,
      resource: resourceOf(server, url, info),
      scope: challenge.scope ?? info.resourceMetadata?.scopes_supported?.join(' '),
    };
  } catch (error) {
    if (BatutaError.is(error)) throw error;
    const reason = `where people consent for it could not be found: ${reasonOf(error)}`;
    throw new BatutaError('tool-server-unavailable', { server, reason }, { cause: error });
  }
}

/** What the server answers somebody without a token. */
async function askUnknown(url: URL, fetch: FetchLike): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'ping' });
  return await fetch(url, { method: 'POST', headers, body });
}

/** Tokens are for this server only: one that says that it is another is not believed. */
function resourceOf(server: string, url: URL, { resourceMetadata }: OAuthServerInfo): string | undefined {
  if (!resourceMetadata) return undefined;
  const requestedResource = resourceUrlFromServerUrl(url);
  const configuredResource = resourceMetadata.resource;
  if (checkResourceAllowed({ requestedResource, configuredResource })) return configuredResource;
  const reason = `it says that it is ${configuredResource}, and it is ${requestedResource.href}`;
  throw new BatutaError('tool-server-problem', { server, reason });
}
