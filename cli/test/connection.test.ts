import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta, begin } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';
import { fakePlatform, sampleConfiguration, sampleReport } from './kit/fake-platform.ts';
import { testTerminal } from './kit/terminal.ts';

let api: FakeApi;
let folder: string;
let keyFile: string;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
  folder = mkdtempSync(join(tmpdir(), 'batuta-connection-'));
  keyFile = join(folder, 'admin-key');
  writeFileSync(keyFile, 'bat_file\n', { mode: 0o600 });
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

/** A project whose platform listens where the fake API does. */
const project = () =>
  fakePlatform({
    inspectConfiguration: async () => ({
      ...sampleConfiguration,
      port: Number(new URL(api.url).port),
      keyFile,
    }),
  });

const listAgents = (environment: Record<string, string>, words: string[] = []) =>
  batuta(['agents', ...words], { platform: project(), terminal: testTerminal({ environment, folder }) });

const keySent = () => api.calls.at(-1)?.key;

describe('the way to a platform', () => {
  test('is the address of the project and the key in its data directory', async () => {
    expect((await listAgents({})).code).toBe(0);
    expect(keySent()).toBe('Bearer bat_file');
  });

  test.each([
    [{ BATUTA_KEY: 'k1', BATUTA_ADMIN_KEY: 'k2' }, [], 'k1'],
    [{ BATUTA_ADMIN_KEY: 'k2' }, [], 'k2'],
    [{ BATUTA_KEY: 'k1' }, ['--key', 'k0'], 'k0'],
  ])('takes the key from %j and %j', async (environment, words, key) => {
    await listAgents(environment, words);
    expect(keySent()).toBe(`Bearer ${key}`);
  });

  test('takes the key from the file that BATUTA_KEY_FILE names', async () => {
    writeFileSync(join(folder, 'mine'), 'bat_mine\n');
    await listAgents({ BATUTA_KEY_FILE: join(folder, 'mine') });
    expect(keySent()).toBe('Bearer bat_mine');
  });

  test('BATUTA_URL and BATUTA_KEY need no project', async () => {
    const platform = fakePlatform();
    const terminal = testTerminal({ environment: { BATUTA_URL: api.url, BATUTA_KEY: 'k1' } });
    expect((await batuta(['agents'], { platform, terminal })).code).toBe(0);
    expect(platform.inspected).toEqual([]);
  });

  test.each([
    ['an address that a running platform has left', () => `${api.url}\n`, true],
    ['the configured one when nothing answers at the one left', () => 'http://127.0.0.1:1\n', false],
    ['the configured one when what was left is no address', () => 'file:///etc/passwd', false],
  ])('is %s', async (_, left, isLeft) => {
    const addressFile = join(folder, 'address');
    writeFileSync(addressFile, left());
    const port = isLeft ? 1 : Number(new URL(api.url).port);
    const configuration = { ...sampleConfiguration, port, keyFile, addressFile };
    const platform = fakePlatform({ inspectConfiguration: async () => configuration });
    expect((await batuta(['agents'], { platform, terminal: testTerminal({ folder }) })).code).toBe(0);
    expect(keySent()).toBe('Bearer bat_file');
  });

  test('without any key it says where keys come from', async () => {
    rmSync(keyFile);
    const { code, error } = await listAgents({});
    expect(code).toBe(1);
    expect(error).toContain(`No key was found for ${api.url}. Give one with --key or BATUTA_KEY`);
    expect(error).toContain(keyFile);
  });

  test('a refused key says how to give another one', async () => {
    api.answers['GET /v1/agents'] = new BatutaError('key-invalid', {});
    const { code, error } = await listAgents({ LANG: 'es' });
    expect(code).toBe(1);
    expect(error).toContain('La plataforma no acepta esta clave.');
  });

  test('nothing that answers at a given address is an error that says how to start one', async () => {
    const words = ['agents', '--url', 'http://127.0.0.1:1', '--key', 'k'];
    const { code, error } = await batuta(words);
    expect(code).toBe(1);
    expect(error).toContain('No platform answers at http://127.0.0.1:1. Start one with: batuta start.');
    expect((await batuta(['run', 'assistant', 'hi', ...words.slice(1)])).error).toBe(error);
  });
});

describe('run and chat without a platform', () => {
  const inProcess = () => fakePlatform({}, { ...sampleReport, url: api.url, keyFile });

  test('start one in this process on a free port, say so, and stop it', async () => {
    const terminal = testTerminal({ folder });
    const platform = inProcess();
    const ended = begin(['run', 'assistant', 'hi'], { terminal, platform });
    (await api.run()).succeed('Hi');
    expect(await ended).toBe(0);
    expect(terminal.output()).toBe('Hi\n');
    expect(terminal.error()).toBe(
      'No platform is running: one was started in this process (embedded PostgreSQL 18, model anthropic/claude-sonnet-5-5).\n',
    );
    expect(platform.starts).toMatchObject([
      { log: 'silent', role: 'all', overrides: { 'server.port': '0' } },
    ]);
    expect(platform.stops).toHaveLength(1);
    expect(keySent()).toBe('Bearer bat_file');
  });

  test('stop it also after a failure', async () => {
    api.answers['POST /v1/runs'] = new BatutaError('agent-unknown', { agent: 'x', hint: '' });
    const platform = inProcess();
    expect((await batuta(['run', 'x', 'hi'], { platform })).code).toBe(1);
    expect(platform.stops).toHaveLength(1);
  });
});
