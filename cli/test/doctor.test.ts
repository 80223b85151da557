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

  test('pending migrations are a warning', async () => {
    const pending = [{ number: 4, name: 'add-budgets', additive: true }];
    const { code, output } = await examine({ inspectDatabase: async () => ({ ...sampleDatabase, pending }) });
    expect(code).toBe(0);
    expect(output).toContain('pending migrations: 1');
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
});
