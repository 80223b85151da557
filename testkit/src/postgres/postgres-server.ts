/**
 * A PostgreSQL server of one's own for tests and measurements, from the programs installed on the machine.
 *
 * - starting: a temporary folder, an empty cluster in it, a free loopback port, a random password
 * - running:  durable as in production (fsync on), small in memory
 * - ending:   by `stop()`, or with the process that started it: on a normal exit from its exit handler, on a kill by the
 *   kernel (Linux). Nothing in it is wanted afterwards, so it is ended at once and its folder removed.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { findPostgresPrograms } from './find-programs.ts';
import { makeServerFolder, removeServerFolder, runningServerPid } from './server-folder.ts';
import { freePort, initialiseData, killServer, launchServer } from './server-process.ts';
import { chooseServerUser } from './server-user.ts';

/** A running PostgreSQL server. */
export interface PostgresServer {
  /** Address with the name and password of an administrator role. */
  url: string;
  /** Process id of the server. */
  readonly pid: number;
  /** Kills every process of the server at once, as a power cut would. Linux only. */
  crash(): Promise<void>;
  /** Starts the crashed server again, on the same data and under the same address. */
  restart(): Promise<void>;
  /** Ends the server and removes all its data. May be called more than once. */
  stop(): Promise<void>;
}

const exitWaitMilliseconds = 2000;

/** Starts a PostgreSQL server; `settings` are added to its configuration. */
export async function startPostgres(settings: Record<string, string> = {}): Promise<PostgresServer> {
  const user = chooseServerUser();
  const programs = findPostgresPrograms();
  const folder = makeServerFolder(user);
  try {
    const place = { programs, folder, user };
    const password = await initialiseData(place);
    const port = await freePort();
    const launch = () => launchServer(place, { ...defaultSettings(folder, port), ...settings });
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    return control({ url, folder, launch }, await launch());
  } catch (error) {
    removeServerFolder(folder);
    throw error;
  }
}

function defaultSettings(folder: string, port: number): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    fsync: 'on',
    shared_buffers: '128MB',
    max_connections: '200',
    timezone: 'UTC',
    log_min_messages: 'log',
    log_checkpoints: 'off',
  };
}

function control(
  { url, folder, launch }: { url: string; folder: string; launch: () => Promise<ChildProcess> },
  first: ChildProcess,
): PostgresServer {
  let server = first;
  let stopping: Promise<void> | undefined;
  const stopWithProcess = (): void => stopAtExit(server, folder);
  process.once('exit', stopWithProcess);
  return {
    url,
    get pid() {
      return server.pid ?? 0;
    },
    crash: () => killServer(server),
    restart: async () => {
      server = await launch();
    },
    stop: () => {
      process.off('exit', stopWithProcess);
      stopping ??= stopGracefully(server, folder);
      return stopping;
    },
  };
}

async function stopGracefully(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    const timer = setTimeout(() => server.kill('SIGKILL'), exitWaitMilliseconds);
    await ended;
    clearTimeout(timer);
  }
  removeServerFolder(folder);
}

/** An exit handler cannot await, so this blocks until the server has removed its pid file, which it does last. */
function stopAtExit(server: ChildProcess, folder: string): void {
  server.kill('SIGQUIT');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const end = Date.now() + exitWaitMilliseconds;
  while (runningServerPid(folder) !== undefined && Date.now() < end) Atomics.wait(pause, 0, 0, 5);
  removeServerFolder(folder);
}
