import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Machines and containers may share the folder: each looks after its own. */
const prefix = `batuta-pipes-${hostname()}-`;

/** Makes a folder for pipes, and removes those of processes of this machine that were killed: nobody else would. */
export async function makePipeFolder(place = tmpdir()): Promise<string> {
  await removeAbandoned(place).catch(() => undefined);
  return await mkdtemp(join(place, `${prefix}${process.pid}-`));
}

async function removeAbandoned(place: string): Promise<void> {
  const names = (await readdir(place)).filter((name) => name.startsWith(prefix));
  const abandoned = names.filter((name) => {
    const processId = /^(\d+)-/.exec(name.slice(prefix.length))?.[1];
    return processId !== undefined && isGone(Number(processId));
  });
  // Those of other users cannot be removed, and need not be.
  await Promise.allSettled(abandoned.map((name) => rm(join(place, name), { recursive: true, force: true })));
}

function isGone(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
