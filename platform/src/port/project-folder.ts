/** A file of the project folder. */
export interface ProjectFile {
  /** Relative to the project folder, with `/`. */
  file: string;
  /** Null when the file is larger than the reader's limit or cannot be read; `reason` then says why. */
  content: Uint8Array | null;
  reason?: string;
}

/** The folder that holds what a user writes: batuta.yaml, agents/, teams/, policies/, tools/. */
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
  /** The text of a file anywhere, such as a mounted secret; relative paths start at the project folder. Rejects with a reason for people. */
  readText(path: string): Promise<string>;
}
