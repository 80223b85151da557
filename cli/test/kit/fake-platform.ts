import type { PlatformModule, PlatformOptions, ProjectOptions, StartReport } from '@batuta/platform';

/** What a test sees of the fake. */
export interface FakePlatform {
  module: PlatformModule;
  starts: PlatformOptions[];
  stops: { now: boolean }[];
  inspected: ProjectOptions[];
}

/** A report with everything in it. */
export const sampleReport: StartReport = {
  version: '0.1.0',
  startedInMs: 420,
  processId: 4711,
  url: 'http://127.0.0.1:3000',
  loginUrl: 'http://127.0.0.1:3000/login?token=abc',
  keyFile: '/project/.batuta/admin-key',
  database: { description: 'embedded PostgreSQL 18', migrated: 3, state: 'ready' },
  models: [
    { reference: 'anthropic/claude-sonnet-5-5', reason: 'ANTHROPIC_API_KEY is set' },
    { reference: 'offline/extractive', reason: 'always there' },
  ],
  chosenModel: 'anthropic/claude-sonnet-5-5',
  agents: [
    { name: 'assistant', models: ['anthropic/claude-sonnet-5-5'] },
    { name: 'researcher', models: ['anthropic/claude-sonnet-5-5'] },
  ],
  problems: [],
  worker: { concurrency: 32 },
};

/** A platform module whose answers are data; `change` replaces some of them. */
export function fakePlatform(change: Partial<PlatformModule> = {}, report = sampleReport): FakePlatform {
  const starts: PlatformOptions[] = [];
  const stops: { now: boolean }[] = [];
  const inspected: ProjectOptions[] = [];
  const module: PlatformModule = {
    startPlatform: async (options) => {
      starts.push(options);
      return {
        url: report.url,
        report,
        stop: async (stop) => void stops.push({ now: stop?.now ?? false }),
      };
    },
    inspectConfiguration: async (project) => {
      inspected.push(project);
      return { ...sampleConfiguration };
    },
    inspectAgentFiles: async () => [
      {
        file: 'agents/assistant.md',
        agent: { name: 'assistant', description: 'General.', models: [], tools: [] },
        problems: [],
      },
    ],
    inspectSkills: async () => [],
    testPolicies: async (_, { file }) => ({ file, cases: [] }),
    inspectModels: async () => sampleReport.models,
    inspectBrowser: async () => ({ program: '/usr/bin/chromium', fault: null, jail: { isThere: true } }),
    inspectSandbox: async () => ({ kind: 'bubblewrap', findings: [] }),
    inspectDatabase: async () => ({ ...sampleDatabase }),
    migrateDatabase: async () => ({
      description: 'embedded PostgreSQL 18',
      applied: [{ number: 4, name: 'add-budgets' }],
      copy: '/project/.batuta/copies/3',
    }),
    backupDatabase: async () => ({ ...sampleBackup }),
    restoreDatabase: async () => ({ ...sampleBackup, bytes: null, missingKeys: [] }),
    ...change,
  };
  return { module, starts, stops, inspected };
}

export const sampleBackup = {
  database: 'embedded PostgreSQL 18',
  createdAt: '2026-01-02T03:04:05.678Z',
  rows: { sessions: 2, runs: 3, events: 40 },
  bytes: 2_048,
};

export const sampleConfiguration = {
  warnings: [] as string[],
  settings: [
    { name: 'server.port', value: '3000', source: 'default', description: 'Port.' },
    { name: 'server.admin_key', value: '********', source: 'BATUTA_ADMIN_KEY', description: 'Key.' },
  ],
  host: '127.0.0.1',
  // Nothing listens on port 1.
  port: 1,
  dataFolder: '/nowhere/.batuta',
  keyFile: '/nowhere/.batuta/admin-key',
  addressFile: '/nowhere/.batuta/address',
};

export const sampleDatabase = {
  description: 'embedded PostgreSQL 18',
  found: 3,
  known: 3,
  pending: [] as { number: number; name: string; additive: boolean }[],
  databaseBytes: 40_000_000,
  freeBytes: 900_000_000_000,
};
