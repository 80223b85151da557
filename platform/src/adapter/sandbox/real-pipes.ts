import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, rmSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePipeFolder } from './pipe-folders.ts';

/**
 * Pipes for what commands write. Node would give them sockets, and those cannot be opened again: `echo hm > /dev/stderr` would fail. The
 * kernel's pipes can only be had by name here, so some are made in advance, and each loses its name when it is taken.
 */

/** A pipe: what is written into the descriptor comes out of the reader. */
export interface RealPipe {
  reader: Socket;
  descriptor: number;
  /** This process lets go of the descriptor, so that the reader ends with the last process that has it. */
  handedOver(): void;
}

const batch = 16;
const enough = 4;
const run = promisify(execFile);

let folder: Promise<string> | undefined;
const names: string[] = [];
let filling: Promise<void> | undefined;
let made = 0;

/** Takes a pipe; undefined where there are none. */
export async function takePipe(): Promise<RealPipe | undefined> {
  if (names.length === 0) await fill();
  const name = names.pop();
  if (names.length < enough) void fill();
  return name === undefined ? undefined : open(name);
}

function open(name: string): RealPipe | undefined {
  try {
    // The reading end first and without waiting: there is nobody at the other one yet.
    const reading = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    const descriptor = openSync(name, constants.O_WRONLY);
    unlinkSync(name);
    const reader = new Socket({ fd: reading, readable: true, writable: false });
    return { reader, descriptor, handedOver: () => closeSync(descriptor) };
  } catch {
    return undefined;
  }
}

/** Contract: never rejects; without the program that makes them there are just none. */
function fill(): Promise<void> {
  filling ??= make()
    .catch(() => undefined)
    .finally(() => (filling = undefined));
  return filling;
}

async function make(): Promise<void> {
  folder ??= makeFolder();
  const place = await folder;
  const fresh = Array.from({ length: batch }, () => join(place, String((made += 1))));
  // For every user to write, for commands are somebody else; the folder keeps others out.
  await run('mkfifo', ['-m', '666', ...fresh]);
  names.push(...fresh);
}

async function makeFolder(): Promise<string> {
  const path = await makePipeFolder();
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}
