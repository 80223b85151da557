import type { TaintLabel } from '@batuta/contract';

/** A file to be stored in the same transaction as the event that names it. */
export interface NewArtifact {
  id: string;
  name: string;
  mediaType: string;
  content: Uint8Array;
  /** Labels of what it holds; absent: none. */
  labels?: readonly TaintLabel[];
}

/** What is known of a stored file. */
export interface ArtifactInfo {
  id: string;
  sessionId: string;
  runId: string;
  /** Whose the session is. */
  ownerId: string | null;
  name: string;
  mediaType: string;
  bytes: number;
  /** Labels of what it holds; null: stored before there were labels. */
  labels: readonly TaintLabel[] | null;
}

/** A stored file as a list shows it. */
export type ListedArtifact = Omit<ArtifactInfo, 'labels' | 'ownerId'> & {
  /** Milliseconds since the epoch. */
  createdAt: number;
};

/** Which files a list shows. */
export interface ArtifactFilter {
  sessionId?: string;
  runId?: string;
  /** Only those in sessions of this owner. */
  ownerId?: string;
  /** Only ids before this one. */
  before?: string;
  limit: number;
}

/** Reads files of a tenant. */
export interface ArtifactStore {
  /** Newest first. */
  list(tenantId: string, filter: ArtifactFilter): Promise<ListedArtifact[]>;
  describe(tenantId: string, id: string): Promise<ArtifactInfo | undefined>;
  /** Bytes `offset` to `offset + length` of the content, fewer at its end; undefined when there is no such artifact. */
  read(
    tenantId: string,
    id: string,
    range: { offset: number; length: number },
  ): Promise<Uint8Array | undefined>;
}
