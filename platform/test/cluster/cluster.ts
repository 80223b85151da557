import type { BatutaClient } from '@batuta/sdk';
import { startEmulator, type Emulator } from '@batuta/testkit';
import type { RunningPlatform } from '../../src/platform.ts';
import { StrictReader } from '../project/strict-reader.ts';
import { clientOf, TestProject } from '../project/test-project.ts';
import { newDatabase } from './new-database.ts';

const clerk = `---
name: clerk
description: Does what a test wants.
model: openai/scripted
tools: [calculator, ask_user]
permissions:
  - ask: calculator
---
You are a clerk.
`;

/** Processes of one platform: they share a PostgreSQL database and a bus, and nothing else. */
export interface Cluster extends AsyncDisposable {
  emulator: Emulator;
  api: RunningPlatform;
  worker: RunningPlatform;
  client: BatutaClient;
  start(role: 'api' | 'worker', overrides?: Readonly<Record<string, string>>): Promise<RunningPlatform>;
  /** Starts a run and follows it. */
  run(input: string): Promise<{ id: string; reader: StrictReader }>;
}

/** Starts an API and a worker at the same time, on a database that is still empty. */
export async function startCluster(environment: {
  postgresUrl: string;
  redisUrl?: string;
}): Promise<Cluster> {
  await using opened = new AsyncDisposableStack();
  const emulator = opened.adopt(await startEmulator(), (each) => each.stop());
  const database = opened.use(await newDatabase(environment.postgresUrl));
  const project = opened.use(
    new TestProject({
      agents: { clerk },
      environment: {
        OPENAI_API_KEY: 'test',
        OPENAI_BASE_URL: emulator.addresses.openai,
        DATABASE_URL: database.url,
        ...(environment.redisUrl === undefined ? {} : { REDIS_URL: environment.redisUrl }),
      },
      // Whatever is not told over the bus is found so late that the tests would fail.
      overrides: { 'worker.poll_ms': '60000', 'server.shutdown_seconds': '1' },
    }),
  );
  const [api, worker] = await Promise.all([project.start('api'), project.start('worker')]);
  const client = clientOf(api);
  const resources = opened.move();
  return {
    emulator,
    api,
    worker,
    client,
    start: (role, overrides) => project.start(role, overrides),
    run: async (input) => {
      const { id } = await client.runs.create({ agent: 'clerk', input });
      return { id, reader: new StrictReader(client, id) };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
