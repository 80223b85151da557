import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BatutaError } from '@batuta/contract';
import type { ProjectFile, ProjectFolder } from '../../port/project-folder.ts';
import { findSkillFolders, namesOfFolders, readSkillFile } from './skill-folders.ts';

/** Files are read up to this size; a larger one is reported, not read. */
const largestFileBytes = 256 * 1024;
const largestTextBytes = 64 * 1024;
const mostFiles = 1000;

/** The project in a folder of this machine. Errors: `project-invalid` when the folder cannot be read. */
export async function openProjectFolder(folder: string): Promise<ProjectFolder> {
  const path = resolve(folder);
  const found = await stat(path).catch((error: unknown) => reasonOf(error));
  if (typeof found === 'string') throw new BatutaError('project-invalid', { folder: path, reason: found });
  if (!found.isDirectory())
    throw new BatutaError('project-invalid', { folder: path, reason: 'it is not a folder' });
  return {
    path,
    configurationFile: async () => {
      const name = await firstThere(path, ['batuta.yaml', 'batuta.yml']);
      return name === undefined ? undefined : readProjectFile(path, name);
    },
    agentFiles: () => definitionFiles(path, { folder: 'agents', inner: 'agent.md' }),
    teamFiles: () => definitionFiles(path, { folder: 'teams', inner: 'team.md' }),
    policyFiles: () => yamlFiles(path, 'policies'),
    skillFolders: () => findSkillFolders(path, { readProjectFile, subfolders: namesOfFolders }),
    readSkillFile: (skill, file) => readSkillFile(path, skill, file),
    readText: (file) => readText(resolve(path, file)),
  };
}

async function firstThere(path: string, names: readonly string[]): Promise<string | undefined> {
  const entries = await entriesOf(path);
  return names.find((name) => entries.some((entry) => entry.name === name));
}

/** `<name>.md` and `<name>/<inner>`; hidden files and READMEs are not definitions. */
async function definitionFiles(
  path: string,
  kind: { folder: string; inner: string },
): Promise<ProjectFile[]> {
  const entries = (await entriesOf(join(path, kind.folder))).filter(({ name }) => /^[^._]/.test(name));
  const files = entries.flatMap((entry) => {
    if (entry.isDirectory()) return [`${kind.folder}/${entry.name}/${kind.inner}`];
    return entry.name.endsWith('.md') && entry.name !== 'README.md' ? [`${kind.folder}/${entry.name}`] : [];
  });
  if (files.length > mostFiles) {
    const reason = `${kind.folder}/ has ${files.length} definitions; at most ${mostFiles} are read`;
    throw new BatutaError('project-invalid', { folder: path, reason });
  }
  return Promise.all(files.toSorted().map((file) => readProjectFile(path, file)));
}

/** `<name>.yaml` and `<name>.yml`. */
async function yamlFiles(path: string, folder: string): Promise<ProjectFile[]> {
  const entries = await entriesOf(join(path, folder));
  const names = entries.map(({ name }) => name).filter((name) => /^[^._].*\.ya?ml$/.test(name));
  if (names.length > mostFiles) {
    const reason = `${folder}/ has ${names.length} files; at most ${mostFiles} are read`;
    throw new BatutaError('project-invalid', { folder: path, reason });
  }
  return Promise.all(names.toSorted().map((name) => readProjectFile(path, `${folder}/${name}`)));
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw new BatutaError('project-invalid', { folder: path, reason: reasonOf(error) }, { cause: error });
  }
}

/** Reads one byte more than the limit at most, whatever the file system says of the file's size. */
async function readProjectFile(path: string, file: string): Promise<ProjectFile> {
  try {
    const found = await stat(join(path, file));
    if (!found.isFile()) return { file, content: null, reason: 'it is not a file' };
    await using handle = await open(join(path, file));
    const buffer = Buffer.alloc(largestFileBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = (await handle.read(buffer, length, buffer.length - length)).bytesRead;
    }
    if (length > largestFileBytes) {
      return { file, content: null, reason: `the file is larger than ${largestFileBytes / 1024} kB` };
    }
    return { file, content: buffer.subarray(0, length) };
  } catch (error) {
    return { file, content: null, reason: `the file cannot be read (${reasonOf(error)})` };
  }
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > largestTextBytes) {
    throw new BatutaError('project-invalid', {
      folder: path,
      reason: `it is larger than ${largestTextBytes / 1024} kB`,
    });
  }
  return readFile(path, 'utf8');
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

function reasonOf(error: unknown): string {
  return reasons[String(codeOf(error))] ?? (error instanceof Error ? error.message : String(error));
}
