import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BatutaError } from '@batuta/contract';
import type { PostgresPrograms } from './find-programs.ts';
import { dataFolder } from './server-folder.ts';
import type { SystemUser } from './server-user.ts';

/** What all programs of one server are run with. */
export interface ServerPlace {
  programs: PostgresPrograms;
  folder: string;
  user: SystemUser | undefined;
}

const startSeconds = 30;
const keptLogLines = 20;

/** Makes the empty database cluster and returns the password of its administrator. */
export async function initialiseData({ programs, folder, user }: ServerPlace): Promise<string> {
  const password = randomBytes(18).toString('base64url');
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const args = [`--pgdata=${dataFolder(folder)}`, ...access, '--no-locale', '--encoding=UTF8', '--no-sync'];
  await new Promise<void>((resolve, reject) => {
    execFile(programs.initdb, args, { ...user, cwd: folder }, (error, _output, complaint) => {
      if (error === null) resolve();
      else reject(notStarted(`initdb failed: ${complaint.trim()}`, error));
    });
  });
  rmSync(passwordFile);
  return password;
}

/** Starts the server and resolves when it accepts connections. */
export async function launchServer(
  place: ServerPlace,
  settings: Record<string, string>,
): Promise<ChildProcess> {
  const args = ['-D', dataFolder(place.folder)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const [program, ...programArgs] = endingWithUs([place.programs.postgres, ...args]);
  const server = spawn(program, programArgs, {
    ...place.user,
    cwd: place.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await untilReady(server);
  return server;
}

/**
 * Kills the server with all its processes and ends when they are gone: while one of them lives, the shared memory is in use
 * and no new server starts on the data.
 */
export async function killServer(server: ChildProcess): Promise<void> {
  const pid = server.pid ?? 0;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  for (const child of children) killIfAlive(child);
  await ended;
  while (children.some(isRunning)) await delay(5);
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended with its parent.
  }
}

/** A process that has ended and that nobody has waited for holds no memory any more. */
function isRunning(pid: number): boolean {
  try {
    return !(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? 'Z').startsWith('Z');
  } catch {
    return false;
  }
}

/** A port of the loopback interface that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw notStarted('no free port was found');
  return address.port;
}

/** On Linux the kernel ends the server when the process that started it is killed. */
function endingWithUs(command: [string, ...string[]]): [string, ...string[]] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));
  return setpriv === undefined ? command : [setpriv, '--pdeathsig', 'QUIT', ...command];
}

/** Reads the server's log for as long as it runs, since a full pipe would stop it. */
async function untilReady(server: ChildProcess): Promise<void> {
  const log: string[] = [];
  const timer = setTimeout(() => server.kill('SIGKILL'), startSeconds * 1000);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(notStarted(error.message, error)));
      server.once('exit', () => reject(notStarted(log.join(' '))));
      server.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log.push(...text.trim().split('\n'));
        log.splice(0, log.length - keptLogLines);
        if (text.includes('ready to accept connections')) resolve();
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

function notStarted(reason: string, cause?: unknown): BatutaError {
  return new BatutaError('postgres-not-started', { reason }, { cause });
}
