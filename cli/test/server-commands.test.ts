import { BatutaError } from '@batuta/contract';
import type { PlatformOptions } from '@batuta/platform';
import { describe, expect, test } from 'vitest';
import { batuta, begin } from './kit/batuta.ts';
import { fakePlatform, sampleConfiguration, sampleDatabase, sampleReport } from './kit/fake-platform.ts';
import { testTerminal } from './kit/terminal.ts';

describe('batuta start', () => {
  test('prints a report, stays, and stops gracefully at the first interrupt', async () => {
    const terminal = testTerminal();
    const platform = fakePlatform();
    const ended = begin(['start', '--port', '4000', '--project', 'sub'], { terminal, platform });
    await terminal.outputHas('Stop with Ctrl-C');
    expect(platform.starts).toMatchObject([
      { role: 'all', log: 'readable', projectFolder: '/project/sub', overrides: { 'server.port': '4000' } },
    ]);
    expect(platform.stops).toEqual([]);
    terminal.interrupt();
    expect(await ended).toBe(0);
    expect(platform.stops).toEqual([{ now: false }]);
    expect(terminal.error()).toContain('Stopping.');
  });

  test('the report names address, login link, database, models with the chosen one, agents, worker and key', async () => {
    const terminal = testTerminal();
    const ended = begin(['start'], { terminal });
    await terminal.outputHas('Stop with Ctrl-C');
    terminal.interrupt();
    await ended;
    expect(terminal.output()).toBe(
      [
        'Batuta 0.1.0 is ready (420 ms)',
        '',
        '  Address   http://127.0.0.1:3000',
        '  Sign in   http://127.0.0.1:3000/login?token=abc  (works once)',
        '  Database  embedded PostgreSQL 18: ready, migration 3',
        '  Models    anthropic/claude-sonnet-5-5  ← chosen  ANTHROPIC_API_KEY is set',
        '            offline/extractive           always there',
        '  Agents    assistant, researcher',
        '  Worker    32 runs at once, in process 4711',
        '  Key       .batuta/admin-key',
        '',
        '  Talk to an agent:  batuta chat assistant',
        '  Stop with Ctrl-C',
        '',
      ].join('\n'),
    );
  });

  test('shows what should be mended', async () => {
    const terminal = testTerminal();
    const problems = ['agents/x.md:3: the tool "calc" is unknown'];
    const ended = begin(['start'], { terminal, platform: fakePlatform({}, { ...sampleReport, problems }) });
    await terminal.outputHas('Stop with Ctrl-C');
    terminal.interrupt();
    await ended;
    expect(terminal.output()).toContain('  ! agents/x.md:3: the tool "calc" is unknown');
  });

  test('the second interrupt stops at once', async () => {
    const terminal = testTerminal();
    const stops: boolean[] = [];
    const platform = fakePlatform({
      startPlatform: async () => ({
        url: sampleReport.url,
        report: sampleReport,
        // A graceful stop that waits for a run for ever.
        stop: (options) => {
          stops.push(options?.now ?? false);
          return options?.now ? Promise.resolve() : new Promise(() => undefined);
        },
      }),
    });
    const ended = begin(['start'], { terminal, platform });
    await terminal.outputHas('Stop with Ctrl-C');
    terminal.interrupt();
    terminal.interrupt('SIGTERM');
    expect(await ended).toBe(130);
    expect(stops).toEqual([false, true]);
  });

  test('a failure names itself and how to mend it', async () => {
    const platform = fakePlatform({
      startPlatform: async () => {
        throw new BatutaError('port-in-use', { host: '127.0.0.1', port: 3000 });
      },
    });
    const { code, error } = await batuta(['start'], { platform });
    expect(code).toBe(1);
    expect(error).toBe(
      'error: The address 127.0.0.1:3000 is in use. Stop the other program, or set BATUTA_PORT.\n',
    );
  });
});

test('batuta serve writes no report and passes its role on', async () => {
  const terminal = testTerminal();
  const started = Promise.withResolvers<void>();
  const platform = fakePlatform();
  const begun = platform.module;
  const module = {
    ...begun,
    startPlatform: async (options: PlatformOptions) => {
      const running = await begun.startPlatform(options);
      setImmediate(started.resolve);
      return running;
    },
  };
  const ended = begin(['serve', '--role', 'worker'], { terminal, platform: { ...platform, module } });
  await started.promise;
  terminal.interrupt('SIGTERM');
  expect(await ended).toBe(0);
  expect(platform.starts).toMatchObject([{ role: 'worker', log: 'json' }]);
  expect(terminal.output() + terminal.error()).toBe('');
});

describe('batuta migrate', () => {
  const behind = {
    ...sampleDatabase,
    known: 5,
    pending: [
      { number: 4, name: 'add-budgets', additive: true },
      { number: 5, name: 'drop-notes', additive: false },
    ],
  };

  test('--check says that nothing is to be done', async () => {
    const { code, output } = await batuta(['migrate', '--check']);
    expect(code).toBe(0);
    expect(output).toBe('embedded PostgreSQL 18 is up to date (migration 3).\n');
  });

  test('--check lists what would run, with the room on the disk, and exits with 2', async () => {
    const platform = fakePlatform({ inspectDatabase: async () => behind });
    const { code, output } = await batuta(['migrate', '--check'], { platform });
    expect(code).toBe(2);
    expect(output).toContain('is at migration 3; this program knows 5');
    expect(output).toContain('4  add-budgets  (an older program can go on working)');
    expect(output).toContain('5  drop-notes  (older programs must be stopped first)');
    expect(output).toContain('The database has 40.0 MB; 900 GB are free.');
  });

  test('--check warns of a disk without room for the copy', async () => {
    const platform = fakePlatform({ inspectDatabase: async () => ({ ...behind, freeBytes: 1_000_000 }) });
    const { output } = await batuta(['migrate', '--check'], { platform });
    expect(output).toContain(
      'too little room to copy the database before: 40.0 MB are needed, 1.0 MB are free',
    );
  });

  test('migrates and says what it did', async () => {
    const platform = fakePlatform({ inspectDatabase: async () => behind });
    const { code, output } = await batuta(['migrate'], { platform });
    expect(code).toBe(0);
    expect(output).toContain('4  add-budgets');
    expect(output).toContain('Copy from before: /project/.batuta/copies/3');
  });

  test('an older program says so and exits with 1', async () => {
    const platform = fakePlatform({
      inspectDatabase: async () => {
        throw new BatutaError('database-too-new', { found: 9, known: 3 });
      },
    });
    const { code, error } = await batuta(['migrate', '--check'], { platform });
    expect(code).toBe(1);
    expect(error).toContain('migrated by a newer Batuta (migration 9, this program knows 3)');
  });

  test('--json prints the report', async () => {
    const { output } = await batuta(['migrate', '--check', '--json']);
    expect(JSON.parse(output)).toEqual(sampleDatabase);
  });
});

describe('batuta config', () => {
  test('prints every setting, masked, with its source', async () => {
    const { code, output } = await batuta(['config']);
    expect(code).toBe(0);
    expect(output).toMatch(/server\.port +3000 +default/);
    expect(output).toMatch(/server\.admin_key +\*{8} +BATUTA_ADMIN_KEY/);
  });

  test('--json prints data', async () => {
    const { output } = await batuta(['--json', 'config']);
    expect(JSON.parse(output)).toEqual({ settings: sampleConfiguration.settings, warnings: [] });
  });

  test('says below the table what has no effect', async () => {
    const warning = 'The environment variable BATUTA_PROT is not known and has no effect.';
    const platform = fakePlatform({
      inspectConfiguration: async () => ({ ...sampleConfiguration, warnings: [warning] }),
    });
    const { code, output } = await batuta(['config'], { platform });
    expect([code, output.split('\n').slice(-3)]).toEqual([0, ['', `! ${warning}`, '']]);
  });

  test('a bad value stops it with its name, source and range', async () => {
    const platform = fakePlatform({
      inspectConfiguration: async () => {
        throw new BatutaError('configuration-invalid', {
          name: 'server.port',
          source: 'BATUTA_PORT',
          reason: 'is 99999; it must be from 0 to 65535',
        });
      },
    });
    const { code, error } = await batuta(['config', '--json'], { platform });
    expect(code).toBe(1);
    expect(JSON.parse(error)).toEqual({
      error: {
        code: 'configuration-invalid',
        message: 'server.port (from BATUTA_PORT) is 99999; it must be from 0 to 65535.',
      },
    });
  });

  test('several bad values are told together', async () => {
    const bad = ['server.port', 'log.level'].map(
      (name) =>
        new BatutaError('configuration-invalid', { name, source: 'batuta.yaml:1', reason: 'is wrong' }),
    );
    const [first] = bad;
    first!.cause = bad;
    const platform = fakePlatform({ inspectConfiguration: () => Promise.reject(first) });
    expect((await batuta(['config'], { platform })).error).toBe(
      'error: server.port (from batuta.yaml:1) is wrong.\nerror: log.level (from batuta.yaml:1) is wrong.\n',
    );
  });
});
