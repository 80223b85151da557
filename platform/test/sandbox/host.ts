import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A machine with something on it that no command may read, reach or change. */
export interface Host {
  /** Stands in a file that everybody of the machine may read, in a variable of this process, and is said by a server on loopback. */
  secret: string;
  folder: string;
  file: string;
  port: number;
  /** How often the server was reached. */
  visits(): number;
  /** A process of the machine. */
  processId: number;
  isUntouched(): boolean;
  close(): Promise<void>;
}

/** Puts it there. */
export async function makeHost(): Promise<Host> {
  const secret = `canary-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const folder = mkdtempSync(join(tmpdir(), 'batuta-host-'));
  const file = join(folder, 'secret.txt');
  mkdirSync(join(folder, 'folder'));
  writeFileSync(file, secret, { mode: 0o644 });
  process.env['BATUTA_TEST_CANARY'] = secret;
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.end(secret);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const bystander = spawn('/bin/sleep', ['600'], { stdio: 'ignore' });
  return {
    secret,
    folder,
    file,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    visits: () => visits,
    processId: bystander.pid ?? 0,
    isUntouched: () =>
      readFileSync(file, 'utf8') === secret &&
      readdirSync(folder).toSorted().join() === 'folder,secret.txt' &&
      readdirSync(join(folder, 'folder')).length === 0 &&
      existsSync(`/proc/${bystander.pid}`),
    close: async () => {
      delete process.env['BATUTA_TEST_CANARY'];
      bystander.kill('SIGKILL');
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Processes of the machine whose command line contains a word. */
export function processesWith(word: string): string[] {
  return readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id) || id === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}
