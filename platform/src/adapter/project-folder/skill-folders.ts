import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectFile, SkillFolder } from '../../port/project-folder.ts';
import type { SkillFileEntry } from '../../port/skill-library.ts';

/** What one skill may hold, and how many there may be: as much as the ecosystem publishes. */
const mostFiles = 512;
const mostBytes = 16 * 1024 * 1024;
const mostSkills = 500;
const deepest = 8;
const mainName = 'SKILL.md';

/** How the project folder reads files of its own and lists its folders. */
export interface FolderReader {
  readProjectFile(path: string, file: string): Promise<ProjectFile>;
  /** Names of folders in a folder, sorted; links to folders included. None where there is no such folder. */
  subfolders(folder: string): Promise<string[]>;
}

/** The names of folders below a folder, also of those that a link leads to. */
export async function namesOfFolders(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const folders = await Promise.all(
    names.map(async (name) =>
      (await stat(join(folder, name)).catch(() => null))?.isDirectory() ? [name] : [],
    ),
  );
  return folders
    .flat()
    .filter((name) => !name.startsWith('.'))
    .toSorted();
}

/** Every skill of a project: its own, those that were installed for any program, and those of single agents. */
export async function findSkillFolders(path: string, reader: FolderReader): Promise<SkillFolder[]> {
  const agents = await reader.subfolders(join(path, 'agents'));
  const places = [
    { folder: 'skills', agent: null },
    { folder: '.agents/skills', agent: null },
    ...agents.map((agent) => ({ folder: `agents/${agent}/skills`, agent })),
  ];
  const found: SkillFolder[] = [];
  for (const { folder, agent } of places) {
    for (const name of await reader.subfolders(join(path, folder))) {
      const skill = await readSkillFolder({ path, folder: `${folder}/${name}`, agent }, reader);
      if (skill !== undefined && found.length < mostSkills) found.push(skill);
    }
  }
  return found;
}

async function readSkillFolder(
  place: { path: string; folder: string; agent: string | null },
  reader: FolderReader,
): Promise<SkillFolder | undefined> {
  const { path, folder, agent } = place;
  const paths = await pathsIn(join(path, folder), '', deepest);
  if (!paths.includes(mainName)) return undefined;
  const file = `${folder}/${mainName}`;
  const main = await reader.readProjectFile(path, file);
  const files: SkillFileEntry[] = [];
  const refuse = (reason: string): SkillFolder => {
    return { folder, agent, main: { file, content: null, reason }, mainHash: '', files: [] };
  };
  if (paths.length > mostFiles)
    return refuse(`the skill has ${paths.length} files; at most ${mostFiles} are read`);
  let bytes = 0;
  for (const each of paths.filter((name) => name !== mainName).toSorted()) {
    const content = await readSkillFile(path, folder, each);
    bytes += content.byteLength;
    if (bytes > mostBytes) return refuse(`the skill is larger than ${mostBytes / 1024 / 1024} MB`);
    files.push({ path: each, bytes: content.byteLength, hash: hashOf(content) });
  }
  return { folder, agent, main, mainHash: hashOf(main.content ?? new Uint8Array()), files };
}

/** Files below a folder, at most one more than a skill may have. Links are left out: they could lead anywhere. */
async function pathsIn(folder: string, prefix: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    if (paths.length > mostFiles) break;
    const path = `${prefix}${entry.name}`;
    if (entry.isFile()) paths.push(path);
    else if (entry.isDirectory() && depth > 0 && !entry.name.startsWith('.')) {
      paths.push(...(await pathsIn(join(folder, entry.name), `${path}/`, depth - 1)));
    }
  }
  return paths;
}

/** One of the files that were listed. It is not opened when it has become a link since. */
export async function readSkillFile(path: string, folder: string, file: string): Promise<Uint8Array> {
  await using handle = await open(join(path, folder, file), constants.O_RDONLY | constants.O_NOFOLLOW);
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(Math.min(size, mostBytes) + 1);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead);
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
