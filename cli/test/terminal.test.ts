import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaClient } from '@batuta/sdk';
import * as platform from '@batuta/platform';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeClient } from '../src/connection/sdk-client.ts';
import { runProgram } from '../src/run-program.ts';
import { batuta } from './kit/batuta.ts';
import { testTerminal, type TestTerminal } from './kit/terminal.ts';

const key = 'bat_test_key_of_the_administrator_0002';
const folder = mkdtempSync(join(tmpdir(), 'batuta-terminal-'));
let running: platform.RunningPlatform;
let session: string;
let terminal: TestTerminal;

beforeAll(async () => {
  mkdirSync(join(folder, 'agents'));
  writeFileSync(
    join(folder, 'agents', 'assistant.md'),
    '---\nname: assistant\ndescription: Helps.\n---\nHelp.\n',
  );
  running = await platform.startPlatform({
    projectFolder: folder,
    role: 'all',
    log: 'silent',
    environment: { BATUTA_ADMIN_KEY: key },
    overrides: { 'server.port': '0', 'terminal.max_per_session': '20' },
  });
  const client = new BatutaClient({ baseUrl: running.url ?? '', key });
  session = (await client.runs.create({ agent: 'assistant', input: 'Hello' })).session_id;
}, 60_000);
afterAll(async () => {
  await running.stop({ now: true });
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => (terminal = testTerminal({ terminal: true, columns: 100, folder })));
afterEach(() => terminal.interrupt());

/** Whether the keys go through as they are. */
let isRaw: boolean;

function sit(id = session, language = 'en_US.UTF-8'): Promise<number> {
  isRaw = false;
  const input = Object.assign(terminal.io.input, { setRawMode: (raw: boolean) => (isRaw = raw) });
  const io = { ...terminal.io, input, environment: { LANG: language } };
  return runProgram(['terminal', id, '--url', running.url ?? '', '--key', key], {
    io,
    loadPlatform: async () => platform,
    inspectConfiguration: platform.inspectConfiguration,
    makeClient: async (target) => makeClient(target),
  });
}

describe('batuta terminal', () => {
  test('passes on keys and what is shown, and ends with the code of the shell', async () => {
    const ended = sit();
    await terminal.outputHas('/workspace');
    expect(isRaw).toBe(true);
    terminal.type('echo $((6*7)); stty size\r');
    await terminal.outputHas('42\r\n24 100\r\n');
    terminal.type('exit 7\r');
    expect(await ended).toBe(7);
    expect(isRaw).toBe(false);
    expect(terminal.output().endsWith('\u001b[?25h\u001b[0m')).toBe(true);
  });

  test('tells the other end how large it has become', async () => {
    const ended = sit();
    await terminal.outputHas('/workspace');
    Object.assign(terminal.io.output, { columns: 61, rows: 17 });
    terminal.io.output.emit('resize');
    terminal.type('stty size\r');
    await terminal.outputHas('17 61\r\n');
    terminal.type('exit\r');
    expect(await ended).toBe(0);
  });

  test('passes Ctrl-C on to the program', async () => {
    const ended = sit();
    await terminal.outputHas('/workspace');
    terminal.type('sh -c "echo on-\\$((1+1)); exec sleep 600"\r');
    await terminal.outputHas('on-2');
    terminal.type('\u0003');
    terminal.type('echo next-$((2+2)); exit\r');
    await terminal.outputHas('next-4');
    expect(await ended).toBe(0);
  });

  test('gives the terminal back when it is told to end', async () => {
    const ended = sit();
    await terminal.outputHas('/workspace');
    terminal.interrupt('SIGTERM');
    expect(await ended).toBe(130);
    expect(isRaw).toBe(false);
  });

  test('says why it was refused, in the language of the user', async () => {
    expect(await sit('ses_06aqn3zk5s7d1v2w8x9y0z1a2b')).toBe(1);
    expect(terminal.error()).toContain('ses_06aqn3zk5s7d1v2w8x9y0z1a2b');
    expect(isRaw).toBe(false);
  });

  test('says why it ended otherwise', async () => {
    const client = new BatutaClient({ baseUrl: running.url ?? '', key });
    const run = await client.runs.create({ agent: 'assistant', input: 'Hello' });
    await client.runs.wait(run.id);
    const own = run.session_id;
    const ended = sit(own, 'es_ES.UTF-8');
    await terminal.outputHas('/workspace');
    await client.sessions.delete(own);
    expect(await ended).toBe(1);
    expect(terminal.error()).toContain('La terminal terminó: la sesión fue borrada.');
  });

  test('is a part of the help', async () => {
    const { output } = await batuta(['terminal', '--help']);
    expect(output).toContain('sit at a terminal in the sandbox of a session');
  });
});
