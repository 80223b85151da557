import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Redis server of a test's own, in memory. */
export interface RedisServer {
  url: string;
  stop(): Promise<void>;
}

const program = '/usr/bin/redis-server';

/** Starts a Redis server; it is installed where it is missing and that is permitted. */
export async function startRedis(): Promise<RedisServer> {
  if (!existsSync(program)) {
    const script = join(import.meta.dirname, '../../../tool/install-system-packages.sh');
    execFileSync('bash', [script], { stdio: ['ignore', 'inherit', 'inherit'] });
  }
  const port = String(await freePort());
  const options = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  await untilReady(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    },
  };
}

async function untilReady(server: ChildProcess): Promise<void> {
  if (!server.stdout) throw new TypeError('no output');
  for await (const line of createInterface(server.stdout)) {
    if (line.includes('Ready to accept connections')) break;
  }
  // What it writes from here on is not wanted, but a full pipe would stop it.
  server.stdout.resume();
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
