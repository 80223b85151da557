import type { CommandEnd, OutputStream, SandboxLimit, SandboxLimits } from '../../port/sandbox.ts';
import { toolOutput, type MarkedOutput } from '../../port/tool-definition.ts';

/** Collects what a command writes. */
export class CommandOutput {
  readonly #pieces: Record<OutputStream, Uint8Array[]> = { stdout: [], stderr: [] };

  take(piece: Uint8Array, stream: OutputStream): void {
    this.#pieces[stream].push(piece);
  }

  text(stream: OutputStream): string {
    return Buffer.concat(this.#pieces[stream]).toString('utf8');
  }

  /** The end of what has come last, for whoever watches. */
  lastLine(): string {
    const piece = this.#pieces.stdout.at(-1) ?? this.#pieces.stderr.at(-1);
    return piece === undefined
      ? ''
      : (Buffer.from(piece).toString('utf8').trimEnd().split('\n').at(-1) ?? '').slice(-200);
  }
}

/** What a model is told of a command: its output, what it complained about, and how it ended. */
export function describeEnd(output: CommandOutput, end: CommandEnd, limits: SandboxLimits): MarkedOutput {
  const errors = output.text('stderr').trimEnd();
  const parts = [
    output.text('stdout').trimEnd(),
    errors === '' ? '' : `[stderr]\n${errors}`,
    ...(end.refused ?? []).map((each) => `[refused connection to ${each}]`),
    `[${describe(end, limits)}]`,
  ];
  const text = parts.filter((part) => part !== '').join('\n');
  return toolOutput({ text, failed: end.exitCode !== 0 || endsBy(end.limit) });
}

/** Limits that end a command; of the others it may only have felt something. */
function endsBy(limit: SandboxLimit | null): boolean {
  return limit !== null && limit !== 'processes' && limit !== 'memory';
}

function describe({ exitCode, signal, limit, durationMs }: CommandEnd, limits: SandboxLimits): string {
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  const ended =
    exitCode === null
      ? `ended by ${signal ?? 'a signal'} after ${seconds}`
      : `exit code ${exitCode}, ${seconds}`;
  return limit === null ? ended : `${ended}; ${explain(limit, limits)}`;
}

function explain(limit: SandboxLimit, limits: SandboxLimits): string {
  const explanations: Readonly<Record<SandboxLimit, string>> = {
    time: `a command may take ${limits.seconds} s at most: split the work, or keep intermediate results in files`,
    memory: `out of memory: a command may use ${megabytes(limits.memoryBytes)} at most, files in /tmp included`,
    processes: `a command may have ${limits.processes} processes and threads at most`,
    output: `it wrote more than ${limits.outputBytes} bytes and was ended: write to a file, and look at a part of that`,
    disk: `the workspace may hold ${megabytes(limits.workspaceBytes)} in ${limits.workspaceFiles} files at most: delete what is not needed`,
    cancelled: 'the call was stopped',
  };
  return explanations[limit];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
