import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type { SandboxCommand, SandboxKind, SandboxTerminal, TerminalSize } from '../../port/sandbox.ts';
import { requireProgram } from './check-command.ts';
import type { Started } from './spawned-command.ts';

/**
 * Terminals are made beside the program that sits at them, inside of its sandbox, by a relay (`pty-relay.mjs`). Made out here they would be
 * descriptors that every other program which this process starts inherits, and terminals of the machine that a sandbox must be let into.
 */

/** Where the relay and what it loads are on this machine. */
export interface RelayFiles {
  relay: string;
  addon: string;
}

const [typed, resized] = [0, 1];
/** How much of what is typed goes into one frame. */
const pieceBytes = 16_384;

/** Finds the files of the relay. Errors: `sandbox-unavailable`. */
export function findRelay(kind: SandboxKind): RelayFiles {
  const name = `@lydell/node-pty-${process.platform}-${process.arch}`;
  try {
    const { resolve } = createRequire(createRequire(import.meta.url).resolve('@lydell/node-pty'));
    return { relay: join(import.meta.dirname, 'pty-relay.mjs'), addon: resolve(`${name}/pty.node`) };
  } catch (error) {
    const reason = `terminals need the package ${name}, which is not there`;
    const mend = 'Install the packages again without leaving out optional ones.';
    throw new BatutaError('sandbox-unavailable', { kind, reason, mend }, { cause: error });
  }
}

/** The command that runs another one at a terminal. Errors: `command-invalid`. */
export function relayCommand(
  command: SandboxCommand,
  size: TerminalSize,
  { node, relay, addon }: RelayFiles & { node: string },
): SandboxCommand {
  requireProgram(command);
  const dimensions = [String(size.columns), String(size.rows)];
  return {
    ...command,
    program: node,
    arguments: [...nodeFlags, relay, addon, ...dimensions, command.program, ...command.arguments],
    isInteractive: true,
  };
}

/** The relay does little: it need not set much aside. */
const nodeFlags = ['--no-warnings', '--v8-pool-size=1', '--max-semi-space-size=1'];

/** The terminal that a started relay gives. */
export function relayedTerminal(started: Started): SandboxTerminal {
  const { child, stdout, ended } = started;
  const send = (kind: number, content: Uint8Array): boolean => {
    const head = Buffer.alloc(5);
    head.writeUInt8(kind, 0);
    head.writeUInt32BE(content.byteLength, 1);
    return child.stdin?.write(Buffer.concat([head, content])) ?? true;
  };
  return {
    ended,
    stop: () => started.stop(),
    resize: ({ columns, rows }) => {
      const content = Buffer.alloc(4);
      content.writeUInt16BE(columns, 0);
      content.writeUInt16BE(rows, 2);
      send(resized, content);
    },
    type: async (input) => {
      for (let at = 0; at < input.byteLength; at += pieceBytes) {
        const hasRoom = send(typed, input.subarray(at, at + pieceBytes));
        if (!hasRoom) await Promise.race([drained(child.stdin), ended]);
      }
    },
    pause: () => void stdout?.pause(),
    resume: () => void stdout?.resume(),
  };
}

function drained(stream: Started['child']['stdin']): Promise<void> {
  return new Promise((resolve) => {
    if (!stream || stream.destroyed || !stream.writableNeedDrain) return resolve();
    stream.once('drain', resolve).once('close', resolve);
  });
}

/** The limits of a terminal: as those of a command, but its output goes on, and its time is its own. */
export function terminalLimits<L extends { seconds: number; outputBytes: number }>(
  limits: L,
  { seconds = limits.seconds }: SandboxCommand,
): L {
  return { ...limits, seconds, outputBytes: Number.POSITIVE_INFINITY };
}
