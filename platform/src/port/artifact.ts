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

/** Reads files of a tenant. */
export interface ArtifactStore {
  describe(tenantId: string, id: string): Promise<ArtifactInfo | undefined>;
  /** Bytes `offset` to `offset + length` of the content, fewer at its end; undefined when there is no such artifact. */
  read(
    tenantId: string,
    id: string,
    range: { offset: number; length: number },
  ): Promise<Uint8Array | undefined>;
}
