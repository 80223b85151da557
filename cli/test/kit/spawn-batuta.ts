import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../bin/batuta', import.meta.url));

/** A command in a process of its own. */
export interface SpawnedBatuta {
  child: ChildProcess;
  output(): string;
  error(): string;
  /** Waits until standard output has this text. Rejects when the process ends before. */
  outputHas(text: string): Promise<void>;
  ended: Promise<number | null>;
}

/** How a command is spawned. The environment has nothing of the tests' own but `PATH` and `HOME`. */
export interface SpawnSettings {
  folder: string;
  environment?: Record<string, string>;
  input?: string;
  nodeOptions?: readonly string[];
}

/** Starts `node cli/bin/batuta` with these words. */
export function spawnBatuta(words: readonly string[], settings: SpawnSettings): SpawnedBatuta {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...(settings.nodeOptions ?? []), main, ...words], {
    cwd: settings.folder,
    env: { PATH, HOME, LANG: 'C', ...settings.environment },
  });
  let output = '';
  let error = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (error += chunk));
  child.stdin.end(settings.input ?? '');
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const outputHas = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.includes(text)) resolve();
      };
      waiting.add(look);
      look();
      child.on('close', () => reject(new EarlyEnd(`${output}\n${error}`)));
    });
  return { child, output: () => output, error: () => error, outputHas, ended };
}

class EarlyEnd extends Error {}
