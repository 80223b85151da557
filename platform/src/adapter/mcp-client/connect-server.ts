import type { AuthProvider } from '@modelcontextprotocol/client';
import type { Log } from '../../port/log.ts';
import type { Connection } from './connection.ts';
import { insertSecrets } from './insert-secrets.ts';
import type { HttpPlace, StdioPlace, ToolServerOptions } from './server-options.ts';

export interface ConnectServer {
  server: ToolServerOptions;
  version: string;
  log: Log;
  now: () => number;
  readSecret: (name: string) => Promise<string>;
  onListChanged: () => void;
  authProvider?: AuthProvider;
}

/** Connects to a server with the secrets that it is declared with. The library is loaded when the first server is connected to. */
export async function connectServer({ readSecret, ...options }: ConnectServer): Promise<Connection> {
  const place = await completePlace(options.server.place, readSecret);
  const { openConnection } = await import('./open-connection.ts');
  return await openConnection({
    ...options,
    place,
    authProvider: options.authProvider,
    isLegacy: false,
    fetch,
  });
}

async function completePlace(
  place: StdioPlace | HttpPlace,
  read: (name: string) => Promise<string>,
): Promise<StdioPlace | HttpPlace> {
  if (place.kind === 'http') return { ...place, headers: await insertSecrets(place.headers, read) };
  return { ...place, env: await insertSecrets(place.env, read) };
}
