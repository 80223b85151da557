import type { ConsentService } from '../../port/consent-service.ts';
import type { Log } from '../../port/log.ts';
import type { Connection } from './connection.ts';
import { boundFetch } from './bounded-fetch.ts';
import { makeConsentedRequests } from './consent-provider.ts';
import { insertSecrets } from './insert-secrets.ts';
import { makeServerFetch } from './server-fetch.ts';
import type { Caller, HttpPlace, StdioPlace, ToolServerOptions } from './server-options.ts';

export interface ConnectServer {
  server: ToolServerOptions;
  version: string;
  log: Log;
  now: () => number;
  readSecret: (name: string) => Promise<string>;
  signal: AbortSignal;
  onListChanged: () => void;
  caller: Caller;
  /** Where each user signs in to the server. */
  consents: ConsentService | undefined;
}

/** One pool of connections for all servers. */
const serverFetch = makeServerFetch();

/** Connects to a server with the secrets that it is declared with. The library is loaded when the first server is connected to. */
export async function connectServer(connect: ConnectServer): Promise<Connection> {
  const { readSecret, consents, caller, ...options } = connect;
  const place = await completePlace(options.server.place, readSecret);
  const { openConnection } = await import('./open-connection.ts');
  const { name, limits } = options.server;
  const fetch = boundFetch(serverFetch, { server: name, bytes: limits.messageBytes });
  const isLegacy = false;
  if (!consents) return await openConnection({ ...options, place, isLegacy, fetch });
  const requests = makeConsentedRequests(consents, caller, fetch);
  return await openConnection({ ...options, ...requests, place, isLegacy });
}

async function completePlace(
  place: StdioPlace | HttpPlace,
  read: (name: string) => Promise<string>,
): Promise<StdioPlace | HttpPlace> {
  if (place.kind === 'http') return { ...place, headers: await insertSecrets(place.headers, read) };
  return { ...place, env: await insertSecrets(place.env, read) };
}
