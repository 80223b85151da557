import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaClient } from '@batuta/sdk';
import { startPlatform } from '../../src/composition/start-platform.ts';
import type { PlatformOptions, RunningPlatform } from '../../src/platform.ts';

/** Key of the administrator of every test project. */
export const administratorKey = 'bat_test_key_of_the_administrator_0001';
const shippedAgents = join(import.meta.dirname, '../../../agents');

/** What a test project is made of. */
export interface TestProjectOptions {
  /** Agent files by name; absent: the agents that ship. */
  agents?: Readonly<Record<string, string>>;
  environment?: Readonly<Record<string, string>>;
  overrides?: Readonly<Record<string, string>>;
}

/** A project folder of a test's own, and the platforms that were started from it as `batuta start` and `batuta serve` do. */
export class TestProject implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'batuta-project-'));
  readonly #options: TestProjectOptions;
  readonly #running = new Set<RunningPlatform>();

  constructor(options: TestProjectOptions = {}) {
    this.#options = options;
    const folder = join(this.folder, 'agents');
    if (options.agents === undefined) cpSync(shippedAgents, folder, { recursive: true });
    else mkdirSync(folder);
    for (const [name, content] of Object.entries(options.agents ?? {})) {
      writeFileSync(join(folder, `${name}.md`), content);
    }
  }

  /** Starts a platform; it is stopped with the project unless the test stops it. */
  async start(
    role: PlatformOptions['role'] = 'all',
    overrides: Readonly<Record<string, string>> = {},
  ): Promise<RunningPlatform> {
    const platform = await startPlatform({
      projectFolder: this.folder,
      role,
      log: 'silent',
      environment: { BATUTA_ADMIN_KEY: administratorKey, ...this.#options.environment },
      overrides: { 'server.port': '0', ...this.#options.overrides, ...overrides },
    });
    this.#running.add(platform);
    return platform;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((platform) => platform.stop({ now: true })));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A client of a platform that was started by a test project, with the administrator's key. */
export function clientOf({ url }: RunningPlatform): BatutaClient {
  return new BatutaClient({ baseUrl: url ?? '', key: administratorKey });
}
