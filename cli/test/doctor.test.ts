import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type { PlatformModule } from '@batuta/platform';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkNode } from '../src/doctor/check-surroundings.ts';
import { loadTranslate } from '../src/text/language.ts';
import { batuta } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';
import { fakePlatform, sampleConfiguration, sampleDatabase } from './kit/fake-platform.ts';
import { testTerminal } from './kit/terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batuta-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Examines a healthy project with these changes. */
async function examine(change: Partial<PlatformModule> = {}, words: string[] = []) {
  const configuration = { ...sampleConfiguration, dataFolder: folder, keyFile: join(folder, 'admin-key') };
  const platform = fakePlatform({
    inspectConfiguration: async () => ({ ...configuration, port: await freePort() }),
    ...change,
  });
  return batuta(['doctor', ...words], { platform, terminal: testTerminal({ folder }) });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('batuta doctor', () => {
  test('finds nothing to mend in a healthy project', async () => {
    const { code, output } = await examine();
    expect(output).toContain(`✓ Node ${process.versions.node}`);
    expect(output).toContain('✓ Agents: assistant');
    expect(output).toContain('✓ embedded PostgreSQL 18, migration 3');
    expect(output).toContain('An agent without a model uses anthropic/claude-sonnet-5-5');
    expect(output).toMatch(/✓ Port \d+ is free/);
    expect(output).toContain('All is well.');
    expect(code).toBe(0);
  });

  test('a variable that means nothing is a warning', async () => {
    const warning = 'The environment variable BATUTA_PROT is not known and has no effect.';
    const place = { dataFolder: folder, keyFile: join(folder, 'admin-key') };
    const inspectConfiguration = async () => {
      return { ...sampleConfiguration, ...place, port: await freePort(), warnings: [warning] };
    };
    const { code, output } = await examine({ inspectConfiguration });
    expect(output).toContain(`! warning: ${warning}`);
    expect(code).toBe(0);
  });

  test('a project folder that is not there is a problem', async () => {
    const { code, output } = await examine({}, ['--project', 'missing']);
    expect(code).toBe(1);
    expect(output).toContain(`✗ problem: Project ${join(folder, 'missing')}`);
    expect(output).toContain('→ Give the project folder with --project');
  });

  test('a broken agent file is a problem with file and line', async () => {
    const problems = [{ line: 4, reason: 'the tool "calc" is unknown', hint: ' Did you mean calculator?' }];
    const { code, output } = await examine({
      inspectAgentFiles: async () => [{ file: 'agents/x.md', agent: null, problems }],
    });
    expect(code).toBe(1);
    expect(output).toContain(
      '✗ problem: agents/x.md:4: the tool "calc" is unknown. Did you mean calculator?',
    );
  });

  test('without a language model it warns, and says which keys to set', async () => {
    const { code, output } = await examine({
      inspectModels: async () => [{ reference: 'offline/extractive', reason: 'always there' }],
    });
    expect(code).toBe(0);
    expect(output).toContain('! warning: No language model');
    expect(output).toContain('→ Set ANTHROPIC_API_KEY');
  });

  test('names a missing browser and how to install it, which is a problem only for agents that browse', async () => {
    const inspectBrowser = async () => ({
      program: '',
      fault: { install: 'sudo apt-get install -y chromium' },
      jail: { isThere: true as const },
    });
    const { output } = await examine({ inspectBrowser });
    expect(output).toContain('There is no Chromium');
    expect(output).toContain('sudo apt-get install -y chromium');
  });

  test('warns of a browser that is not jailed, and says why', async () => {
    const jail = { isThere: false as const, reason: 'bubblewrap is not installed' };
    const inspectBrowser = async () => ({ program: '/usr/bin/chromium', fault: null, jail });
    const { code, output } = await examine({ inspectBrowser });
    expect(code).toBe(0);
    expect(output).toContain('is not kept in a jail of its own: bubblewrap is not installed');
  });

  test('what commands of agents lack is a problem for agents that have them, and a warning for others', async () => {
    const findings = [{ message: 'bubblewrap is not installed', mend: 'Install it.', isNeeded: true }];
    const inspectSandbox = async () => ({ kind: 'bubblewrap', findings });
    const without = await examine({ inspectSandbox });
    expect(without.code).toBe(0);
    expect(without.output).toContain(
      '! warning: Commands of agents (bubblewrap): bubblewrap is not installed',
    );
    const agent = { name: 'x', description: 'X.', models: [], tools: ['shell'] };
    const inspectAgentFiles = async () => [{ file: 'agents/x.md', agent, problems: [] }];
    const used = await examine({ inspectSandbox, inspectAgentFiles });
    expect(used.code).toBe(1);
    expect(used.output).toContain('bubblewrap is not installed\n  → Install it.');
  });

  test.each([
    [{ kind: 'none', findings: [] }, '! warning: Nothing keeps commands of agents in'],
    [{ kind: 'container', findings: [] }, 'Commands of agents run in a sandbox (container)'],
    [null, 'Commands of agents are switched off'],
  ])('says how commands are kept in: %j', async (report, message) => {
    const { code, output } = await examine({ inspectSandbox: async () => report });
    expect(code).toBe(0);
    expect(output).toContain(message);
  });

  test('pending migrations are a warning', async () => {
    const pending = [{ number: 4, name: 'add-budgets', additive: true }];
    const { code, output } = await examine({ inspectDatabase: async () => ({ ...sampleDatabase, pending }) });
    expect(code).toBe(0);
    expect(output).toContain('pending migrations: 1');
  });

  test('a database with nothing in it is as it should be before the first start', async () => {
    const empty = { ...sampleDatabase, found: 0, pending: [{ number: 1, name: 'schema', additive: true }] };
    const { output } = await examine({ inspectDatabase: async () => empty });
    expect(output).toContain('✓ embedded PostgreSQL 18: new, the first start fills it');
  });

  test('a database that cannot be reached is a problem with a mend', async () => {
    const { code, output } = await examine({
      inspectDatabase: async () => {
        throw new BatutaError('database-unreachable', { address: 'db:5432', reason: 'no route' });
      },
    });
    expect(code).toBe(1);
    expect(output).toContain(
      'cannot be reached: no route.\n  → Start the database server, or correct DATABASE_URL',
    );
  });

  test('what is mended in the same way says so once', async () => {
    const problems = [2, 3].map((line) => ({ line, reason: 'is wrong', hint: '' }));
    const { output } = await examine({
      inspectAgentFiles: async () => [{ file: 'agents/x.md', agent: null, problems }],
    });
    expect(output).toContain('x.md:3: is wrong.\n  → Correct the file');
    expect(output.match(/Correct the file/g)).toHaveLength(1);
  });

  test('a platform that does not know the key of this project is another one', async () => {
    const api = new FakeApi();
    await api.listen();
    api.answers['GET /v1/agents'] = new BatutaError('key-invalid', {});
    writeFileSync(join(folder, 'admin-key'), 'btk_of_this_project', { mode: 0o600 });
    const { url } = api;
    const place = {
      dataFolder: folder,
      keyFile: join(folder, 'admin-key'),
      port: Number(new URL(url).port),
    };
    const inspectConfiguration = async () => ({ ...sampleConfiguration, ...place });
    const strange = await examine({ inspectConfiguration });
    api.answers['GET /v1/agents'] = { items: [], next_cursor: null };
    const own = await examine({ inspectConfiguration });
    await api.close();
    expect(strange.output).toContain(`✗ problem: At ${url} another Batuta runs`);
    expect(own.output).toContain(`✓ Batuta runs at ${url}`);
  });

  test('a data directory that another process holds is a problem', async () => {
    const { code, output } = await examine({
      inspectDatabase: async () => {
        throw new BatutaError('data-directory-locked', { directory: folder, pid: 7, since: 'noon' });
      },
    });
    expect(code).toBe(1);
    expect(output).toContain('is used by process 7 since noon. Stop that process');
  });

  test('a port of another program is a problem', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.on('connection', (socket) => socket.destroy());
    const { port } = server.address() as AddressInfo;
    const { code, output } = await examine({
      inspectConfiguration: async () => ({ ...sampleConfiguration, dataFolder: folder, port }),
    });
    server.close();
    expect(code).toBe(1);
    expect(output).toContain(`✗ problem: Port ${port} is used by another program`);
    expect(output).toContain('→ Stop that program, or set BATUTA_PORT');
  });

  test('a key file that others can read is a problem', async () => {
    writeFileSync(join(folder, 'admin-key'), 'secret');
    chmodSync(join(folder, 'admin-key'), 0o644);
    const { code, output } = await examine();
    expect(code).toBe(1);
    expect(output).toContain('can be read by others (mode 644)');
    expect(output).toContain('→ Run: chmod 600');
  });

  test('a configuration that is not valid ends the examination', async () => {
    const { code, output } = await examine({
      inspectConfiguration: async () => {
        throw new BatutaError('configuration-invalid', { name: 'a', source: 'b', reason: 'is wrong' });
      },
    });
    expect(code).toBe(1);
    expect(output).toContain('✗ problem: a (from b) is wrong.');
  });

  test('--json gives findings', async () => {
    const { output } = await examine({}, ['--json']);
    const { findings } = JSON.parse(output) as { findings: { check: string; level: string }[] };
    expect(findings.map((finding) => finding.check)).toEqual([
      'node',
      'project',
      'configuration',
      'agents',
      'database',
      'models',
      'sandbox',
      'browser',
      'port',
      'disk',
    ]);
  });

  test('an old Node is a problem', async () => {
    const say = await loadTranslate('en');
    expect(checkNode({ say }, '20.20.2')).toMatchObject({
      level: 'problem',
      mend: 'Install Node 24 or newer, or start with: npm start',
    });
  });

  test.each([
    ['ok', '✓ Background jobs: ok'],
    ['starting', '✓ Background jobs: starting'],
    ['failing', '! warning: Background jobs are not done at present (failing)'],
  ])('says of a platform that runs how its background jobs are: %s', async (jobs, told) => {
    const api = new FakeApi();
    await api.listen();
    const checks = { database: 'ok', migrations: 'ok', worker: 'ok', jobs };
    api.answers['GET /ready'] = { status: 'ready', checks };
    const configuration = { ...sampleConfiguration, dataFolder: folder, port: Number(new URL(api.url).port) };
    const { output } = await examine({ inspectConfiguration: async () => configuration });
    await api.close();
    expect(output).toContain(told);
  });

  test('names the sources of tools that fail, and why', async () => {
    const api = new FakeApi();
    await api.listen();
    const problem = {
      code: 'tool-server-unavailable',
      message: 'The tool server wiki is not available: gone.',
    };
    const sources = [
      { name: 'mcp:tickets', state: 'ready', tools: 3, problems: [] },
      { name: 'mcp:wiki', state: 'failing', tools: 0, problems: [problem] },
    ];
    api.answers['GET /v1/tools'] = { sources, items: [], next_cursor: null };
    const port = Number(new URL(api.url).port);
    const configuration = { ...sampleConfiguration, dataFolder: folder, port };
    const { output } = await examine({ inspectConfiguration: async () => configuration }, ['--key', 'k']);
    await api.close();
    expect(output).toContain('! warning: mcp:wiki: The tool server wiki is not available: gone.');
    expect(output).not.toContain('mcp:tickets:');
  });
});
