/** Where the workspaces of sessions are. */
export interface WorkspaceStore {
  /** The place that has a session's workspace: this one, unless another has it already. */
  settle(tenantId: string, sessionId: string, place: string): Promise<string>;
  /** Which of these sessions of the tenant there are. */
  existing(tenantId: string, sessionIds: readonly string[]): Promise<string[]>;
}

/** The folders of workspaces on a disk of this machine. */
export interface WorkspaceFolders {
  /** Names the disk: the same for all processes that see these folders, and for no others. */
  place(): Promise<string>;
  /** The folder of a session's files, made when it is absent. */
  folderOf(tenantId: string, sessionId: string): Promise<string>;
  /** The folder of a snapshot of it, which may not exist. Errors: `snapshot-unknown` for a name that none can have. */
  snapshotOf(tenantId: string, sessionId: string, name: string): Promise<string>;
  tenants(): Promise<string[]>;
  /** Sessions of a tenant that have a folder. */
  sessions(tenantId: string): Promise<string[]>;
  /** Removes a session's files and snapshots. */
  remove(tenantId: string, sessionId: string): Promise<void>;
}
