import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hang, startEmulator } from '@batuta/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnBatuta, type SpawnedBatuta, type SpawnSettings } from './kit/spawn-batuta.ts';

const agent = `---
name: assistant
description: Answers questions.
model: offline/extractive
tools: [calculator, ask_user]
---
You answer questions.
`;

let folder: string;
let started: SpawnedBatuta[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batuta-process-'));
  mkdirSync(join(folder, 'agents'));
  writeFileSync(join(folder, 'agents', 'assistant.md'), agent);
  // Nothing listens there: whatever runs on this machine's usual port is not the platform of this project.
  writeFileSync(join(folder, 'batuta.yaml'), 'server:\n  port: 1\n');
  started = [];
});
afterEach(async () => {
  for (const one of started) one.child.kill('SIGKILL');
  await Promise.all(started.map((one) => one.ended));
  rmSync(folder, { recursive: true, force: true });
});

function begin(words: readonly string[], settings: Partial<SpawnSettings> = {}): SpawnedBatuta {
  const one = spawnBatuta(words, { folder, ...settings });
  started.push(one);
  return one;
}

async function complete(words: readonly string[], settings: Partial<SpawnSettings> = {}) {
  const one = begin(words, settings);
  const code = await one.ended;
  return { code, output: one.output(), error: one.error() };
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** Reports every module that is loaded, at the end, on standard error. */
const reportModules = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    process.on('exit', () => process.stderr.write(loaded.join('\\n')));
  `)}`,
];

/** Says at the end whether Node had to load its compiler of TypeScript, which takes 13 MB and a tenth of a start. */
const reportCompiler = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    const isCompiler = (name) => name.includes('amaro');
    process.on('exit', () => process.stderr.write('compiler: ' + process.moduleLoadList.some(isCompiler)));
  `)}`,
];

describe('the batuta process', () => {
  test('a second command of the same kind compiles nothing', async () => {
    const nodeOptions = reportCompiler;
    await complete(['--help'], { nodeOptions });
    expect((await complete(['--help'], { nodeOptions })).error).toBe('compiler: false');
  });

  test('help loads neither the server nor the contract', async () => {
    const { code, error } = await complete(['--help'], { nodeOptions: reportModules });
    expect(code).toBe(0);
    expect(error).toContain('/cli/src/run-program.ts');
    expect(error).not.toMatch(/\/platform\/src\/|\/contract\/src\/|\/zod\/|spanish\.ts/);
  });

  test('a look at runs does not load the server', async () => {
    const environment = { BATUTA_PORT: await freePort() };
    const { code, error } = await complete(['runs', '--key', 'k'], {
      environment,
      nodeOptions: reportModules,
    });
    expect(code).toBe(1);
    expect(error).toContain(`No platform answers at http://127.0.0.1:${environment.BATUTA_PORT}.`);
    expect(error).toContain('/cli/src/command/runs.ts');
    expect(error).not.toMatch(/start-platform\.ts|\/pglite\/|\/hono\/|node_modules\/pg\//);
  });

  test(
    'run and chat start a platform, and the next command goes on with its data',
    { timeout: 60_000 },
    async () => {
      const first = await complete(['run', 'assistant', 'what is 6 * 7?', '--json']);
      expect(first.error).toContain('No platform is running: one was started in this process');
      expect(first.code).toBe(0);
      const run = JSON.parse(first.output) as { session_id: string; output: { text: string } };
      expect(run.output.text).toContain('42');
      const chat = await complete(['chat', '--session', run.session_id, '--json'], {
        input: 'what is 3 * 7?\n',
      });
      expect(chat.code).toBe(0);
      expect(JSON.parse(chat.output)).toMatchObject({ session_id: run.session_id });
      expect(chat.output).toContain('21');
    },
  );

  test('start serves commands of the project and stops gracefully', { timeout: 60_000 }, async () => {
    const environment = { BATUTA_PORT: await freePort() };
    const server = begin(['start'], { environment });
    await server.outputHas('Stop with Ctrl-C');
    expect(statSync(join(folder, '.batuta', 'admin-key')).mode & 0o777).toBe(0o600);
    const answer = await complete(['run', 'assistant', '-'], { environment, input: 'what is 6 * 7?' });
    expect(answer).toMatchObject({ code: 0 });
    expect(answer.error).not.toContain('No platform is running');
    expect(answer.output).toContain('42');
    const runs = await complete(['runs'], { environment });
    expect(runs.output).toMatch(/run_\w+ +assistant +succeeded/);
    const second = await complete(['start'], { environment });
    expect(second).toMatchObject({ code: 1 });
    expect(second.error).toContain(`Batuta runs already at http://127.0.0.1:${environment.BATUTA_PORT}.`);
    server.child.kill('SIGINT');
    expect(await server.ended).toBe(0);
    expect(server.error()).toContain('Stopped.');
  });

  test('commands find a platform that was started with another port', { timeout: 60_000 }, async () => {
    const server = begin(['start', '--port', '0']);
    await server.outputHas('Stop with Ctrl-C');
    const left = join(folder, '.batuta', 'address');
    expect(statSync(left).mode & 0o777).toBe(0o600);
    expect((await complete(['agents'])).output).toContain('assistant');
    expect((await complete(['start'])).error).toContain(readFileSync(left, 'utf8').trim());
    server.child.kill('SIGINT');
    await server.ended;
    expect(existsSync(left)).toBe(false);
  });

  test('the second interrupt ends a graceful stop that waits for a model', { timeout: 60_000 }, async () => {
    await using emulator = await startEmulator();
    emulator.script(hang());
    writeFileSync(join(folder, 'agents', 'assistant.md'), agent.replace('offline/extractive', 'openai/any'));
    const environment = {
      BATUTA_PORT: await freePort(),
      OPENAI_API_KEY: 'any',
      OPENAI_BASE_URL: `${emulator.url}/v1`,
    };
    const server = begin(['start'], { environment });
    await server.outputHas('Stop with Ctrl-C');
    await complete(['run', 'assistant', 'go', '--no-wait'], { environment });
    await emulator.received(1);
    const stopping = once(server.child.stderr ?? server.child, 'data');
    server.child.kill('SIGTERM');
    await stopping;
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(130);
    expect(server.error()).toContain('Stopped.');
  });

  test('agents validate names file, line and the nearest known word', async () => {
    writeFileSync(join(folder, 'agents', 'assistant.md'), agent.replace('ask_user', 'ask_usr'));
    const { code, output } = await complete(['agents', 'validate']);
    expect(code).toBe(1);
    expect(output).toContain('agents/assistant.md:5: ');
    expect(output).toContain('ask_user');
  });

  test('a bad value of the configuration names itself, its source and its range', async () => {
    const { code, error } = await complete(['config'], { environment: { BATUTA_PORT: '99999' } });
    expect(code).toBe(1);
    expect(error).toMatch(/server\.port \(from environment BATUTA_PORT\).*65535/);
  });
});
