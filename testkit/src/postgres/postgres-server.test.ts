import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

let server: PostgresServer | undefined;

afterEach(async () => {
  await server?.stop();
});

async function queryValue(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ value: unknown }>(sql);
    return rows[0]?.value;
  } finally {
    await client.end();
  }
}

function foldersOf(pid: number): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`batuta-postgres-${pid}-`));
}

async function accepts(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const accepted = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  return accepted;
}

test('a started server accepts its administrator and is durable', async () => {
  server = await startPostgres();
  expect(await queryValue(server.url, "select current_setting('is_superuser') as value")).toBe('on');
  expect(await queryValue(server.url, "select current_setting('fsync') as value")).toBe('on');
});

test('nobody gets in without the password', async () => {
  server = await startPostgres();
  const wrong = server.url.replace(/:[^:@]+@/, ':wrong@');
  await expect(queryValue(wrong, 'select 1 as value')).rejects.toMatchObject({ code: '28P01' });
});

test('settings of the caller come before the defaults', async () => {
  server = await startPostgres({ max_connections: '23' });
  expect(await queryValue(server.url, "select current_setting('max_connections') as value")).toBe('23');
});

test('a setting that PostgreSQL refuses is reported in its words', async () => {
  await expect(startPostgres({ shared_buffers: 'plenty' })).rejects.toMatchObject({
    code: 'postgres-not-started',
    message: expect.stringContaining('shared_buffers'),
  });
  expect(foldersOf(process.pid)).toEqual([]);
});

test('stop ends the server and removes its files, also when called twice', async () => {
  server = await startPostgres();
  await Promise.all([server.stop(), server.stop()]);
  expect(await accepts(server.url)).toBe(false);
  expect(foldersOf(process.pid)).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a crashed server has what was committed when it starts again',
  async () => {
    server = await startPostgres();
    await queryValue(server.url, 'create table kept as select 7 as value');
    await server.crash();
    expect(await accepts(server.url)).toBe(false);
    await server.restart();
    expect(await queryValue(server.url, 'select value from kept')).toBe(7);
  },
);

const owner = path.join(import.meta.dirname, '../../test/postgres/postgres-owner.ts');

async function startInAnotherProcess() {
  const child = spawn(process.execPath, [owner], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  const { url, pid }: { url: string; pid: number } = JSON.parse(String(line));
  return { child, url, pid };
}

test('a process that exits takes its server with it', async () => {
  const { child, url } = await startInAnotherProcess();
  const exited = once(child, 'exit');
  child.stdin.end();
  await exited;
  expect(await accepts(url)).toBe(false);
  expect(foldersOf(child.pid ?? 0)).toEqual([]);
});

test.runIf(process.platform === 'linux')('a killed process takes its server with it', async () => {
  const { child, pid } = await startInAnotherProcess();
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  await expect.poll(() => isRunning(pid)).toBe(false);
  server = await startPostgres();
  expect(foldersOf(child.pid ?? 0)).toEqual([]);
});

/** A process that has ended and that nobody has waited for is a zombie. */
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && readFileSync(file, 'utf8').split(') ')[1]?.startsWith('Z') === false;
}
