import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { BatutaError } from '@batuta/contract';
import type {
  CommandEnd,
  SandboxCommand,
  SandboxKind,
  SandboxLimit,
  SandboxProcess,
} from '../../port/sandbox.ts';
import { closed, openOutputs, type CommandOutputs } from './command-outputs.ts';
import { guardCommand, type Guarded } from './command-guard.ts';

/** A program of this machine that is or starts the command. */
export interface Spawn {
  kind: SandboxKind;
  program: string;
  arguments: readonly string[];
  environment: Readonly<Record<string, string>>;
  directory: string;
  /** Contents of the descriptors from 3 on: each is written, then closed. */
  hand: readonly (string | Uint8Array)[];
  /** The command is the leader of a group of processes, which is killed as a whole. */
  ownGroup?: boolean;
  /** Its standard input stays open to be written to. */
  isInteractive?: boolean;
  /** It ends all that it has started when its standard input ends, which nobody else can; it is killed when it does not do so soon. */
  endsWithInput?: boolean;
  /** Descriptors that this process was given by its parent and that no command may have. */
  inherited: readonly number[];
}

/** What a kind of sandbox does around a command. */
export interface Care {
  /** Watches over the process besides; gives what ends that. */
  watch?(processId: number, reached: (limit: SandboxLimit) => void): () => void;
  /** Which limit was reached although nobody killed the command for it. */
  reached?(): SandboxLimit | null;
  /** What kept the command from starting, as far as what came out of it shows. */
  problemIn?(firstError: string): string | undefined;
  /** Ends when nothing of the command is left. Contract: never rejects. */
  clean?(): Promise<void>;
  /** Connections that were refused. */
  refused?(): readonly string[];
}

/** A command that has started. */
export interface Started extends SandboxProcess {
  readonly child: ChildProcess;
  /** What it writes; null where there is nothing to read. */
  readonly stdout: Readable | null;
}

/** How long output may still come when the command has ended. */
const lingerMs = 1_000;
const longestProblem = 500;
/** How a shell says that a program was ended by SIGXFSZ. */
const fileTooLarge = 128 + 25;

/** Starts a program under guard. Errors: `sandbox-unavailable`. */
export async function spawnCommand(
  what: Spawn,
  guarded: Omit<Guarded, 'kill' | 'watch'>,
  { command, care = {} }: { command: SandboxCommand; care?: Care },
): Promise<Started> {
  const began = performance.now();
  const { child, stdout, stderr } = await startChild(what, command);
  const guard = guardCommand({
    ...guarded,
    kill: () => kill(child, what),
    watch: (reached) => care.watch?.(child.pid ?? 0, reached) ?? (() => undefined),
  });
  stdout?.on('data', (piece: Uint8Array) => guard.output(piece, 'stdout'));
  let firstError = '';
  stderr?.on('data', (piece: Uint8Array) => {
    if (firstError.length < longestProblem)
      firstError += Buffer.from(piece.subarray(0, longestProblem)).toString();
    guard.output(piece, 'stderr');
  });
  const ended = endOf(child, [stdout, stderr]).then(async (end): Promise<CommandEnd> => {
    guard.stop();
    // What is left of a group whose leader has ended.
    if (what.ownGroup) kill(child, what);
    const told = account(end, { cause: guard.cause, firstError, care });
    await care.clean?.();
    return { ...told, durationMs: performance.now() - began };
  });
  return {
    child,
    stdout,
    ended,
    write: (input) => void child.stdin?.write(input),
    stop: async () => {
      kill(child, what);
      return await ended;
    },
  };
}

interface Ended {
  exitCode: number | null;
  signal: string | null;
}

/** A limit that was reached although nobody killed the command for it. */
function quietLimit(exitCode: number | null, care: Care): SandboxLimit | null {
  return care.reached?.() ?? (exitCode === fileTooLarge ? 'disk' : null);
}

/** Why it ended as it did. */
function account(
  { exitCode, signal }: Ended,
  known: { cause: SandboxLimit | null; firstError: string; care: Care },
): Omit<CommandEnd, 'durationMs'> {
  const { cause, firstError, care } = known;
  const limit = cause ?? quietLimit(exitCode, care);
  const problem = cause === null && exitCode !== 0 ? care.problemIn?.(firstError) : undefined;
  const refused = care.refused?.() ?? [];
  return {
    exitCode,
    signal,
    limit,
    ...(refused.length === 0 ? {} : { refused }),
    ...(problem === undefined ? {} : { problem }),
  };
}

interface StartedChild {
  child: ChildProcess;
  stdout: Readable | null;
  stderr: Readable | null;
}

async function startChild(what: Spawn, { input }: SandboxCommand): Promise<StartedChild> {
  const isInteractive = what.isInteractive === true;
  const outputs = await openOutputs();
  const child = spawn(what.program, what.arguments, {
    env: { ...what.environment },
    cwd: what.directory,
    stdio: stdioOf(what, outputs, input !== undefined || isInteractive),
    detached: what.ownGroup === true,
  });
  const streams = outputs.of(child);
  const { promise, resolve, reject } = Promise.withResolvers<StartedChild>();
  child.once('spawn', () => resolve({ child, ...streams }));
  child.once('error', (error) => {
    for (const stream of Object.values(streams)) stream?.destroy();
    reject(unavailable(what, error));
  });
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  handOver(child, what.hand);
  if (input !== undefined) child.stdin?.write(input);
  if (!isInteractive) child.stdin?.end();
  return await promise;
}

function handOver(child: ChildProcess, contents: Spawn['hand']): void {
  for (const [index, content] of contents.entries()) {
    const stream = child.stdio[3 + index];
    if (stream && 'end' in stream) stream.end(content);
  }
}

/** A descriptor that this process was given is an empty file for the command; what is not mentioned here, Node closes. */
function stdioOf({ hand, inherited }: Spawn, outputs: CommandOutputs, hasInput: boolean): StdioOptions {
  const stdio: ('pipe' | 'ignore' | number)[] = [hasInput ? 'pipe' : 'ignore', ...outputs.stdio];
  stdio.push(...hand.map(() => 'pipe' as const));
  for (const descriptor of inherited) {
    while (stdio.length < descriptor) stdio.push('ignore');
    if (stdio.length === descriptor) stdio.push(emptyFile());
  }
  return stdio;
}

let empty: number | undefined;

function emptyFile(): number {
  return (empty ??= openSync('/dev/null', constants.O_RDWR));
}

function unavailable({ kind, program }: Spawn, error: Error): BatutaError<'sandbox-unavailable'> {
  const reason = `${program} cannot be started (${error.message})`;
  const mend = '`batuta doctor` says what is missing.';
  return new BatutaError('sandbox-unavailable', { kind, reason, mend }, { cause: error });
}

function kill(child: ChildProcess, what: Spawn): void {
  if (!what.endsWithInput || child.exitCode !== null) return killNow(child, what);
  child.stdin?.destroy();
  const timer = setTimeout(() => killNow(child, what), lingerMs);
  child.once('exit', () => clearTimeout(timer));
}

function killNow(child: ChildProcess, { ownGroup }: Spawn): void {
  if (!ownGroup || child.pid === undefined) return void child.kill('SIGKILL');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of the group have ended.
  }
}

/** Ends when the process has ended and its output is closed, or soon after if somebody else holds that open. */
async function endOf(child: ChildProcess, outputs: readonly (Readable | null)[]): Promise<Ended> {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  if (!hasEnded) await new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, lingerMs);
  await Promise.race([Promise.all(outputs.map(closed)), late.promise]);
  clearTimeout(timer);
  for (const stream of [...child.stdio, ...outputs]) stream?.destroy();
  return { exitCode: child.exitCode, signal: child.signalCode };
}
