import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type { WorkspaceFolders } from '../../port/workspace-store.ts';
import { removeTree } from './copy-tree.ts';
import { codeOf } from './walk.ts';

const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Workspaces under a folder: `<tenant>/<session>/files`, beside it `snapshots/<name>`. Nobody but this user may enter. */
export function makeWorkspaceFolders(root: string): WorkspaceFolders {
  const folderOfSession = (tenantId: string, sessionId: string): string => {
    for (const id of [tenantId, sessionId]) requirePlain(id);
    return join(root, tenantId, sessionId);
  };
  let place: Promise<string> | undefined;
  return {
    place: () => (place ??= placeOf(root)),
    folderOf: (tenantId, sessionId) => made(join(folderOfSession(tenantId, sessionId), 'files')),
    snapshotOf: async (tenantId, sessionId, name) => {
      if (!plainName.test(name)) throw new BatutaError('snapshot-unknown', { name: name.slice(0, 128) });
      return join(await made(join(folderOfSession(tenantId, sessionId), 'snapshots')), name);
    },
    tenants: () => foldersIn(root),
    sessions: async (tenantId) => await foldersIn(join(root, requirePlain(tenantId))),
    remove: (tenantId, sessionId) => removeTree(folderOfSession(tenantId, sessionId)),
  };
}

function requirePlain(id: string): string {
  if (plainName.test(id)) return id;
  throw new BatutaError('workspace-path-refused', { path: id.slice(0, 200), reason: 'it is not an id' });
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory() && plainName.test(entry.name)).map(({ name }) => name);
}

/** A name that the first process writes and all others read, whoever is first. */
async function placeOf(root: string): Promise<string> {
  const file = join(await made(root), '.place');
  const draft = `${file}-${process.pid}-${randomUUID()}`;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  await writeFile(draft, randomUUID(), { mode: 0o600, flush: true });
  await link(draft, file).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  await rm(draft, { force: true });
  return await readFile(file, 'utf8');
}
