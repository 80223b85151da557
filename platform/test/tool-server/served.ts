import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import type { HttpPlace } from '../../src/adapter/mcp-client/server-options.ts';
import { installed } from './open-source.ts';

const running: ChildProcess[] = [];

/** For `afterEach`. */
export async function stopServed(): Promise<void> {
  await Promise.all(running.splice(0).map(stop));
}

/** Ends a server at once, as a crash would. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Starts server-everything over HTTP and waits until it listens. */
export async function serveEverything(port: number): Promise<{ place: HttpPlace; child: ChildProcess }> {
  const { command, args } = installed('everything', 'streamableHttp');
  const child = spawn(command, args, {
    env: { PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.push(child);
  await new Promise<void>((ready, fail) => {
    child.once('exit', () => fail(new RangeError('server-everything ended')));
    child.stderr?.on('data', (chunk: Buffer) => chunk.toString().includes('listening') && ready());
  });
  return { place: httpPlace(port), child };
}

export function httpPlace(port: number, headers: Record<string, string> = {}): HttpPlace {
  return { kind: 'http', url: new URL(`http://127.0.0.1:${port}/mcp`), headers, perUser: false };
}
