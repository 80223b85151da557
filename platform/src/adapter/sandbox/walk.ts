import { constants } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { refusedPath, unknownPath, workspaceParts } from './workspace-path.ts';

/**
 * Going through a workspace from outside. Every folder on the way is opened by itself, without following links, and the next name is
 * looked up inside the open folder: what a command plants or exchanges meanwhile can never lead out of the workspace.
 */

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** Opens a folder and nothing else. */
const asFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
/** Opens a file; a pipe would otherwise wait for its other end. */
const asFile = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/** The user that a file made from outside belongs to; null: whoever this process is. */
export type Owner = number | null;

/** Where a name is inside an open folder. */
export function within(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}

/** An open folder as a path. */
export function pathOf(folder: FileHandle): string {
  return `/proc/self/fd/${folder.fd}`;
}

/** Opens the folder at a path; closed by the caller. */
export async function openFolder(root: string, path: string): Promise<FileHandle> {
  return await enter(root, { path, parts: workspaceParts(path) });
}

/** Opens the folder that a path's last part is in; closed by the caller. */
export async function openParent(
  root: string,
  path: string,
  make?: { owner: Owner },
): Promise<{ folder: FileHandle; name: string }> {
  const parts = workspaceParts(path);
  const name = parts.pop();
  if (name === undefined) throw refusedPath(path, 'it is the workspace itself');
  return { folder: await enter(root, { path, parts, make }), name };
}

/** Opens a file to read it; closed by the caller. */
export async function openFile(
  root: string,
  path: string,
): Promise<{ file: FileHandle; bytes: number; mode: number }> {
  const { folder, name } = await openParent(root, path);
  try {
    const file = await open(within(folder, name), asFile).catch((error: unknown) => refuse(path, error));
    const { size, mode } = await statOfFile(file, path);
    return { file, bytes: size, mode };
  } finally {
    await folder.close();
  }
}

async function statOfFile(file: FileHandle, path: string): Promise<{ size: number; mode: number }> {
  const found = await file.stat();
  if (found.isFile()) return found;
  await file.close();
  throw refusedPath(path, found.isDirectory() ? 'it is a folder' : 'it is not a file');
}

async function enter(
  root: string,
  { path, parts, make }: { path: string; parts: readonly string[]; make?: { owner: Owner } | undefined },
): Promise<FileHandle> {
  let folder = await open(root, asFolder);
  for (const part of parts) {
    try {
      const next = await step(folder, part, make);
      await folder.close();
      folder = next;
    } catch (error) {
      await folder.close();
      refuse(path, error);
    }
  }
  return folder;
}

async function step(folder: FileHandle, part: string, make?: { owner: Owner }): Promise<FileHandle> {
  const place = within(folder, part);
  try {
    return await open(place, asFolder);
  } catch (error) {
    if (!make || codeOf(error) !== 'ENOENT') throw error;
  }
  await mkdir(place, { mode: 0o755 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  const made = await open(place, asFolder);
  if (make.owner !== null) await made.chown(make.owner, make.owner);
  return made;
}

/** Says why something could not be opened. */
export function refuse(path: string, error: unknown): never {
  const code = codeOf(error);
  if (code === 'ENOENT') throw unknownPath(path);
  if (code === 'ELOOP') throw refusedPath(path, linkReason);
  if (code === 'ENOTDIR')
    throw refusedPath(path, `a part of it is not a folder, or is a link; ${linkReason}`);
  if (code === 'ENXIO' || code === 'ENODEV') throw refusedPath(path, 'it is not a file');
  if (code === 'EACCES' || code === 'EPERM')
    throw refusedPath(path, 'its permissions forbid it; change them with a command');
  throw error;
}

const linkReason = 'symbolic links are not followed, name the file itself';

/** The code of an error of the operating system. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
