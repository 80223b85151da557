import type { SkillFileEntry } from './skill-library.ts';

/** A file of the project folder. */
export interface ProjectFile {
  /** Relative to the project folder, with `/`. */
  file: string;
  /** Null when the file is larger than the reader's limit or cannot be read; `reason` then says why. */
  content: Uint8Array | null;
  reason?: string;
}

/** A folder with a SKILL.md. */
export interface SkillFolder {
  /** Relative to the project folder, with `/`: `skills/report`. */
  folder: string;
  /** The agent to which alone it belongs; null: all of the project may name it. */
  agent: string | null;
  /** Its SKILL.md. */
  main: ProjectFile;
  /** SHA-256 of the SKILL.md. */
  mainHash: string;
  /** Its other files, by path. Links are not among them. */
  files: readonly SkillFileEntry[];
}

/** The folder that holds what a user writes: batuta.yaml, agents/, teams/, policies/, skills/, tools/. */
export interface ProjectFolder {
  /** Absolute. */
  readonly path: string;
  /** batuta.yaml, if there is one. */
  configurationFile(): Promise<ProjectFile | undefined>;
  /** `agents/<name>.md` and `agents/<name>/agent.md`, by name. */
  agentFiles(): Promise<ProjectFile[]>;
  /** `teams/<name>.md`, by name. */
  teamFiles(): Promise<ProjectFile[]>;
  /** `policies/<name>.yaml`, by name. */
  policyFiles(): Promise<ProjectFile[]>;
  /** Folders of `skills/`, of `.agents/skills/`, and of `agents/<name>/skills/`, in this order and by name. */
  skillFolders(): Promise<SkillFolder[]>;
  /** A file that one of them lists. Rejects with a reason for people. */
  readSkillFile(folder: string, path: string): Promise<Uint8Array>;
  /** The text of a file anywhere, such as a mounted secret; relative paths start at the project folder. Rejects with a reason for people. */
  readText(path: string): Promise<string>;
}
