import type { Dispatcher } from 'undici';

const limits = {
  /** Connections to one host at a time; further requests wait for one. */
  connections: 512,
  /** The caller's own time limits are shorter; these only end what nobody waits for. */
  headersTimeout: 3_600_000,
  bodyTimeout: 3_600_000,
};

const connectTimeoutMs = 10_000;

/** Errors of connections over which an answer had come before. */
const lostAfterUse = new WeakSet<Error>();

/** Opens the pool of connections that model calls go over. Imports undici. */
export async function openDispatcher({ useProxy }: { useProxy: boolean }): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent, buildConnector } = await import('undici');
  if (useProxy) return new EnvHttpProxyAgent({ ...limits, connect: { timeout: connectTimeoutMs } });
  const connect = buildConnector({ timeout: connectTimeoutMs });
  return new Agent({
    ...limits,
    connect: (target, callback) =>
      connect(target, (...[error, socket]) => {
        if (error !== null) return callback(error, null);
        socket.prependListener('error', (lost: Error) => {
          if (socket.bytesRead > 0) lostAfterUse.add(lost);
        });
        callback(null, socket);
      }),
  });
}

const resets: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Whether a connection was lost that had served before. Contract: asked only of requests that got no answer. */
export function isIdleConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error) || !resets.has(Reflect.get(error, 'code'))) return false;
  const socket: unknown = Reflect.get(error, 'socket');
  const bytesRead: unknown =
    typeof socket === 'object' && socket !== null && Reflect.get(socket, 'bytesRead');
  return lostAfterUse.has(error) || (typeof bytesRead === 'number' && bytesRead > 0);
}
