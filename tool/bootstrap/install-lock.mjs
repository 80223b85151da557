import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

const pollMilliseconds = 200;

/** Lets one process at a time install: two at once would tear each other's node_modules apart. */
export async function withInstallLock(root, work) {
  const file = path.join(root, '.install-lock');
  await acquire(file);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

async function acquire(file) {
  let told = false;
  while (!tryCreate(file)) {
    const owner = readOwner(file);
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) console.error(`Waiting: process ${owner ?? '?'} is installing the packages.`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

function tryCreate(file) {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined for the instant in which the owner has created the file and not yet written into it. */
function readOwner(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
