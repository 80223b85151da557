import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  CommandEnd,
  Sandbox,
  SandboxLimits,
  SandboxOptions,
  SandboxProvider,
} from '../../src/port/sandbox.ts';

/** Small limits, so that reaching them takes no time. */
export const testLimits: SandboxLimits = {
  seconds: 20,
  memoryBytes: 128_000_000,
  processes: 64,
  cpus: 1,
  outputBytes: 200_000,
  workspaceBytes: 24_000_000,
  workspaceFiles: 500,
  temporaryBytes: 8_000_000,
};

/** What a command said and how it ended. */
export interface Told extends CommandEnd {
  stdout: string;
  stderr: string;
}

/** A sandbox on a fresh folder, with what tests do to it. */
export interface TestSandbox {
  sandbox: Sandbox;
  folder: string;
  sh: (script: string, more?: { seconds?: number; input?: string; signal?: AbortSignal }) => Promise<Told>;
  run: (program: string, ...args: string[]) => Promise<Told>;
}

/** Runs a test in a sandbox and removes it afterwards. */
export async function withSandbox<T>(
  provider: SandboxProvider,
  test: (given: TestSandbox) => Promise<T>,
  more: Partial<Omit<SandboxOptions, 'limits'>> & { limits?: Partial<SandboxLimits> } = {},
): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), 'batuta-sandbox-'));
  const folder = join(parent, 'files');
  mkdirSync(folder);
  const limits = { ...testLimits, ...more.limits };
  const sandbox = provider.open({
    folder,
    template: 'general',
    network: { allowedHosts: [] },
    ...more,
    limits,
  });
  const remove = async (): Promise<void> => {
    await sandbox.destroy();
    rmSync(parent, { recursive: true, force: true });
  };
  // A test that is out of time does not come to its end: what it has started must not be there in the next one.
  onTestFinished(remove);
  try {
    return await test(conveniences(sandbox, folder));
  } finally {
    await remove();
  }
}

function conveniences(sandbox: Sandbox, folder: string): TestSandbox {
  const tell = async (
    program: string,
    args: readonly string[],
    { signal, ...more }: { seconds?: number; input?: string; signal?: AbortSignal } = {},
  ): Promise<Told> => {
    const said = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
    const end = await sandbox.run(
      { program, arguments: args, ...more },
      { output: (piece, stream) => said[stream].push(piece), ...(signal ? { signal } : {}) },
    );
    return { ...end, stdout: textOf(said.stdout), stderr: textOf(said.stderr) };
  };
  return {
    sandbox,
    folder,
    sh: (script, more) => tell('sh', ['-c', script], more),
    run: (program, ...args) => tell(program, args),
  };
}

function textOf(pieces: readonly Uint8Array[]): string {
  return Buffer.concat(pieces).toString();
}
