import { makeClient } from '../../src/connection/sdk-client.ts';
import { runProgram } from '../../src/run-program.ts';
import type { FakeApi } from './fake-api.ts';
import { fakePlatform, type FakePlatform } from './fake-platform.ts';
import { testTerminal, type TestTerminal } from './terminal.ts';

/** How a command ended. */
export interface Ended {
  code: number;
  output: string;
  error: string;
}

interface Setting {
  terminal?: TestTerminal;
  platform?: FakePlatform;
  /** Reached by `--url`. */
  api?: FakeApi;
}

/** Starts a command in this process and leaves it running. */
export function begin(words: readonly string[], setting: Setting = {}): Promise<number> {
  const { terminal = testTerminal(), platform = fakePlatform(), api } = setting;
  const target = api === undefined ? [] : ['--url', api.url, '--key', 'bat_test'];
  return runProgram([...words, ...target], {
    io: terminal.io,
    loadPlatform: async () => platform.module,
    inspectConfiguration: (project) => platform.module.inspectConfiguration(project),
    makeClient: async (client) => makeClient(client),
  });
}

/** Carries a command out and gives what it wrote. */
export async function batuta(words: readonly string[], setting: Setting = {}): Promise<Ended> {
  const terminal = setting.terminal ?? testTerminal();
  const code = await begin(words, { ...setting, terminal });
  return { code, output: terminal.output(), error: terminal.error() };
}
