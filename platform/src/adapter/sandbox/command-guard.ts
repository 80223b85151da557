import { statfsSync } from 'node:fs';
import type { CommandFollower, OutputStream, SandboxLimit, SandboxLimits } from '../../port/sandbox.ts';
import { measureTree } from './workspace-files.ts';

/** What is guarded. */
export interface Guarded {
  folder: string;
  limits: SandboxLimits;
  /** Seconds that this command may take. */
  seconds: number;
  follower: CommandFollower;
  /** Kills the command with all that it has started. Contract: called at most once, does not throw. */
  kill(): void;
  /** Watches something else; calls back when a limit is reached. Gives what ends that. */
  watch?(reached: (limit: SandboxLimit) => void): () => void;
}

/** Watches over one command. */
export interface CommandGuard {
  /** Takes a piece of output; passes on what is within the limit. */
  output(piece: Uint8Array, stream: OutputStream): void;
  /** Why the command was killed; null when it was not. */
  readonly cause: SandboxLimit | null;
  /** Stops watching. */
  stop(): void;
}

const watchEveryMs = 100;
/** What a workspace may grow by beyond its limit, or when it was full already, before its command is killed. */
const slack = 1_000_000;
const slackFiles = 100;
/** By how much the disk may get fuller, by whomever, while a workspace is so deep that its files cannot be counted. */
const hiddenSlack = 50_000_000;

/** Kills a command when it reaches a limit, and remembers which. */
export function guardCommand(guarded: Guarded): CommandGuard {
  const { follower, limits, seconds } = guarded;
  let cause: SandboxLimit | null = null;
  let left = limits.outputBytes;
  const end = (reached: SandboxLimit): void => {
    if (cause !== null) return;
    cause = reached;
    guarded.kill();
  };
  const timer = setTimeout(() => end('time'), seconds * 1000);
  const stopDisk = watchDisk(guarded, () => end('disk'));
  const stopOther = guarded.watch?.(end);
  const abort = (): void => end('cancelled');
  follower.signal?.addEventListener('abort', abort, { once: true });
  if (follower.signal?.aborted) abort();
  return {
    output: (piece, stream) => {
      const within = piece.subarray(0, left);
      left -= within.length;
      if (within.length > 0) follower.output?.(within, stream);
      if (within.length < piece.length) end('output');
    },
    get cause() {
      return cause;
    },
    stop: () => {
      clearTimeout(timer);
      stopDisk();
      stopOther?.();
      follower.signal?.removeEventListener('abort', abort);
    },
  };
}

/**
 * Looks whether a workspace outgrows its limits. The disk's own count of free bytes and files is asked often, for it costs nothing; only
 * when it has fallen by a good part of what is left are the files counted. In a workspace that was full already a command may delete, and
 * is killed when there is more than before.
 */
function watchDisk({ folder, limits }: Guarded, full: () => void): () => void {
  let seen = freeOf(folder);
  let most: Room | undefined;
  let left: Room = { bytes: limits.workspaceBytes, files: limits.workspaceFiles };
  let busyUntil = 0;
  const look = async (): Promise<void> => {
    const began = performance.now();
    busyUntil = Number.POSITIVE_INFINITY;
    const free = freeOf(folder);
    const size = await measureTree(folder).catch(() => empty);
    // What the command has written since it began does not count as having been there.
    most ??= mostFor(size, { limits, grown: seen.bytes - freeOf(folder).bytes });
    left = { bytes: most.bytes - size.bytes, files: most.files - size.files };
    const hidden = size.isTooDeep ? seen.bytes - free.bytes : 0;
    if (left.bytes < 0 || left.files < 0 || hidden > hiddenSlack) full();
    if (!size.isTooDeep) seen = free;
    busyUntil = performance.now() + 4 * (performance.now() - began);
  };
  const check = (): void => {
    if (performance.now() < busyUntil) return;
    const free = freeOf(folder);
    const [bytes, files] = [seen.bytes - free.bytes, seen.files - free.files];
    if (bytes > left.bytes / 4 || files > left.files / 4) void look();
  };
  const timer = setInterval(check, watchEveryMs);
  void look();
  return () => clearInterval(timer);
}

/** What a workspace may grow to. */
interface Room {
  bytes: number;
  files: number;
}

const empty = { bytes: 0, files: 0, isTooDeep: false };

function mostFor(size: Room, { limits, grown }: { limits: SandboxLimits; grown: number }): Room {
  return {
    bytes: Math.max(size.bytes - Math.max(0, grown), limits.workspaceBytes) + slack,
    files: Math.max(size.files, limits.workspaceFiles) + slackFiles,
  };
}

function freeOf(folder: string): Room {
  const { bavail, bsize, ffree } = statfsSync(folder);
  return { bytes: bavail * bsize, files: ffree };
}
