/** What a backup holds. */
export interface BackupSummary {
  /** Instant of the snapshot: nothing that was committed later is in it. */
  createdAt: string;
  /** Number of the last migration of the database that it was made from. */
  migration: number;
  /** Rows of each table. */
  rows: Readonly<Record<string, number>>;
}

/** Takes the next piece of a backup. Contract: the backup waits for it, so that a slow writer fills no memory. */
export type BackupWriter = (text: string) => Promise<void>;

/** How a backup is restored. */
export interface RestoreOptions {
  /**
   * What becomes of runs that were under way. What they did after the backup is not known, so `false` ends them as failed
   * with `run-restored`, and each can be retried; `true` lets all go on, and may repeat effects.
   */
  resume: boolean;
}

/** Keeps a backup until it has been handed over: a slow reader must not hold the database's snapshot. */
export interface BackupSpool {
  /** Errors: `backup-under-way` (one at a time in this process), `backup-file-unusable`, and those of the backup. */
  collect(backup: (write: BackupWriter) => Promise<BackupSummary>): Promise<CollectedBackup>;
}

/** A whole backup, compressed with gzip. It is forgotten when its content was read or given up. */
export interface CollectedBackup {
  summary: BackupSummary;
  bytes: number;
  content: ReadableStream<Uint8Array>;
}
