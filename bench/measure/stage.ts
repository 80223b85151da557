import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PostgresServer } from '@batuta/testkit/postgres';
import { startServer, type ServerProcess } from './server-process.ts';

/** As the command line starts servers. */
const leanly = ['--max-semi-space-size=8', '--expose-gc'];

const adminKey = 'btk_benchmark_key_that_is_long_enough_to_pass';

const addTool = `import { z } from 'zod';
import { defineTool } from '@batuta/platform/tool';

export const add = defineTool({
  name: 'add',
  description: 'Adds two numbers.',
  input: z.object({ a: z.number(), b: z.number() }),
  annotations: { readOnly: true, openWorld: false },
  execute: ({ a, b }) => String(a + b),
});
`;

/** Models that the benchmark's agents use, as the emulator names them. */
export const models = {
  tools: 'tools-10',
  /** The same under budgets and rules. */
  accounted: 'tools-10',
  budgeted: 'tools-10',
  text: 'text-200',
  slow: 'slow-500-20-100',
} as const;

/** What the agents' files say besides. */
const furtherLines: Partial<Record<string, string>> = {
  tools: 'tools: [add]\n',
  accounted: 'tools: [add]\nbudget: { run_usd: 1000, session_usd: 1000, day_usd: 1000000 }\n',
  budgeted: 'tools: [add]\nbudget: { run_usd: 1000, session_usd: 1000, day_usd: 1000000 }\n',
};

const rules = `agents: [accounted]
rules:
  - allow: add
    arguments: { a: { at_most: 1000000 }, b: { at_most: 1000000 } }
  - ask: 'delete*'
  - deny: 'shell*'
  - deny: http_fetch
    arguments: { url: { hosts: ['*.internal'] } }
`;

/** What all scenarios share: the models in their own process, a database server, a project folder. */
export interface Stage {
  emulator: ServerProcess;
  postgres: PostgresServer;
  project: string;
  /** Headers of an administrator. */
  headers: Record<string, string>;
  startFloor(): Promise<ServerProcess>;
  startPlatform(options?: PlatformStart): Promise<ServerProcess>;
  close(): Promise<void>;
}

/** How a platform is started. */
export interface PlatformStart {
  role?: 'all' | 'api' | 'worker';
  /** The embedded database in a fresh folder instead of the server. */
  embedded?: boolean;
  environment?: Record<string, string>;
}

/** Sets the stage. */
export async function setStage(): Promise<Stage> {
  const emulator = await startServer(['bench/emulator-server.ts']);
  // As the measurements of other servers that this is compared with.
  const postgres = await startPostgres({ shared_buffers: '256MB', max_wal_size: '4GB' });
  const project = await makeProject(emulator.url);
  const started: ServerProcess[] = [emulator];
  const start = async (command: string[], environment: Record<string, string> = {}) => {
    const server = await startServer(command, environment);
    started.push(server);
    return server;
  };
  return {
    emulator,
    postgres,
    project,
    headers: { authorization: `Bearer ${adminKey}` },
    startFloor: () => start(['bench/floor-server.ts', `${emulator.url}/v1`]),
    startPlatform: ({ role = 'all', embedded = false, environment = {} } = {}) =>
      start([...leanly, 'bench/platform-server.ts', project, role], {
        BATUTA_ADMIN_KEY: adminKey,
        BATUTA_PORT: '0',
        BATUTA_WORKER_CONCURRENCY: '1000',
        OLLAMA_BASE_URL: 'http://127.0.0.1:9',
        BATUTA_DATA_DIR: join(project, embedded ? `data-${started.length}` : 'data'),
        ...(embedded ? {} : { DATABASE_URL: postgres.url }),
        ...environment,
      }),
    close: async () => {
      for (const server of started.toReversed()) await server.kill('SIGTERM');
      await postgres.stop();
      await rm(project, { recursive: true, force: true });
    },
  };
}

async function makeProject(modelsUrl: string): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'batuta-bench-'));
  await mkdir(join(project, 'agents'));
  await mkdir(join(project, 'tools'));
  await mkdir(join(project, 'policies'));
  await writeFile(join(project, 'tools', 'add.ts'), addTool);
  await writeFile(join(project, 'policies', 'accounted.yaml'), rules);
  await writeFile(
    join(project, 'batuta.yaml'),
    `model:\n  endpoints:\n    bench:\n      base_url: ${modelsUrl}/v1\n`,
  );
  for (const [name, model] of Object.entries(models)) {
    await writeFile(
      join(project, 'agents', `${name}.md`),
      `---\nname: ${name}\ndescription: An agent of a benchmark.\nmodel: bench/${model}\n${furtherLines[name] ?? ''}---\nYou add numbers.\n`,
    );
  }
  return project;
}
