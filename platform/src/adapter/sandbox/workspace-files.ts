import { BatutaError } from '@batuta/contract';
import { constants, type Stats } from 'node:fs';
import { lstat, open, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import type {
  SandboxLimits,
  WorkspaceEntry,
  WorkspaceFiles,
  WorkspaceList,
  WorkspaceSize,
} from '../../port/sandbox.ts';
import { codeOf, openFile, openFolder, openParent, refuse, within, type Owner } from './walk.ts';
import { walkTree } from './walk-tree.ts';
import { refusedPath, unknownPath } from './workspace-path.ts';

/** A workspace on this machine. */
export interface Workspace {
  folder: string;
  limits: Pick<SandboxLimits, 'workspaceBytes' | 'workspaceFiles'>;
  /** Whom files made from outside belong to. */
  owner: Owner;
}

/** Bytes that must stay free on the disk, whatever a workspace may still take. */
const leastFree = 200_000_000;
const deepest = 64;
const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

let written = 0;

/** The files of a workspace, reached from outside. */
export function makeWorkspaceFiles(workspace: Workspace): WorkspaceFiles {
  const { folder } = workspace;
  return {
    read: (path, range) => readPart(folder, path, range),
    write: (path, content) => writeFile(workspace, path, content),
    list: (path, options) => listEntries(folder, path, options),
    remove: (path) => removeEntry(folder, path),
    size: () => measure(folder),
  };
}

/** What a workspace holds; endless when its folders are deeper than any path may be. */
export async function measure(folder: string): Promise<WorkspaceSize> {
  const { isTooDeep, ...size } = await measureTree(folder);
  return isTooDeep ? { ...size, bytes: Number.POSITIVE_INFINITY } : size;
}

/** What a workspace holds down to a certain depth, and whether there is something below that: it would be hidden from this. */
export async function measureTree(folder: string): Promise<WorkspaceSize & { isTooDeep: boolean }> {
  const size = { bytes: 0, files: 0, isTooDeep: false };
  const visit = ({ path, stats }: { path: string; stats: Stats }): boolean => {
    size.isTooDeep ||= stats.isDirectory() && path.split('/').length >= deepest;
    size.bytes += stats.blocks * 512;
    size.files += 1;
    return true;
  };
  const top = await openFolder(folder, '');
  try {
    await walkTree(top, { depth: deepest, visit });
  } finally {
    await top.close();
  }
  return size;
}

/** Refuses what has no room. Errors: `workspace-full`. */
export async function requireRoom({ folder, limits }: Workspace, more: number): Promise<void> {
  const { bytes, files } = await measure(folder);
  if (bytes + more > limits.workspaceBytes) {
    const [used, most] = [inMegabytes(bytes), inMegabytes(limits.workspaceBytes)];
    throw full(`its files take ${used} of ${most}, and ${inMegabytes(more)} more would be needed`);
  }
  if (files >= limits.workspaceFiles) throw full(`it has ${files} files, as many as it may have`);
  const disk = await statfs(folder);
  if (disk.bavail * disk.bsize - more < leastFree)
    throw full('the disk of the platform has hardly any room left');
}

function full(reason: string): BatutaError<'workspace-full'> {
  return new BatutaError('workspace-full', { reason });
}

function inMegabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}

async function readPart(
  root: string,
  path: string,
  { offset, length }: { offset: number; length: number },
): Promise<{ content: Uint8Array; bytes: number }> {
  const { file, bytes } = await openFile(root, path);
  try {
    const content = Buffer.alloc(Math.max(0, Math.min(length, bytes - offset)));
    const { bytesRead } = await file.read(content, 0, content.length, offset);
    return { content: content.subarray(0, bytesRead), bytes };
  } finally {
    await file.close();
  }
}

async function writeFile(workspace: Workspace, path: string, content: Uint8Array): Promise<void> {
  await requireRoom(workspace, content.length);
  const { folder, name } = await openParent(workspace.folder, path, workspace);
  try {
    const mode = await modeOfTarget(folder, name, path);
    written += 1;
    const draft = within(folder, `.batuta-${process.pid}-${written}`);
    await writeDraft(draft, content, { mode, owner: workspace.owner }).catch((error: unknown) =>
      refuse(path, error),
    );
    // Takes the place of whatever is there now, also of a link that was planted meanwhile.
    await rename(draft, within(folder, name)).catch(async (error: unknown) => {
      await rm(draft, { force: true });
      refuse(path, error);
    });
  } finally {
    await folder.close();
  }
}

async function writeDraft(
  draft: string,
  content: Uint8Array,
  { mode, owner }: { mode: number; owner: Owner },
): Promise<void> {
  const file = await open(draft, newFile, 0o600);
  try {
    await file.writeFile(content);
    if (owner !== null) await file.chown(owner, owner);
    await file.chmod(mode);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** The permissions that a file has, or gets. */
async function modeOfTarget(folder: FileHandle, name: string, path: string): Promise<number> {
  const found = await lstat(within(folder, name)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return 0o644;
  if (found.isDirectory()) throw refusedPath(path, 'it is a folder');
  if (!found.isFile()) throw refusedPath(path, 'it is a symbolic link or something else that is not a file');
  return found.mode & 0o777;
}

async function listEntries(
  root: string,
  path: string,
  { depth, limit }: { depth: number; limit: number },
): Promise<WorkspaceList> {
  const top = await openFolder(root, path);
  const prefix = path === '' || path === '.' ? '' : `${path.replace(/\/+$/, '')}/`;
  const entries: WorkspaceEntry[] = [];
  try {
    const isWhole = await walkTree(top, {
      depth: Math.min(depth, deepest),
      visit: (found) => {
        if (entries.length >= limit) return false;
        entries.push(entryOf(prefix + found.path, found.stats));
        return true;
      },
    });
    return { entries, isCut: !isWhole };
  } finally {
    await top.close();
  }
}

function entryOf(path: string, stats: Stats): WorkspaceEntry {
  return { path, kind: kindOf(stats), bytes: stats.size, modifiedAt: stats.mtimeMs };
}

function kindOf(stats: Stats): WorkspaceEntry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

async function removeEntry(root: string, path: string): Promise<void> {
  const { folder, name } = await openParent(root, path);
  try {
    const place = within(folder, name);
    await lstat(place).catch(() => {
      throw unknownPath(path);
    });
    await rm(place, { recursive: true, force: true });
  } finally {
    await folder.close();
  }
}
