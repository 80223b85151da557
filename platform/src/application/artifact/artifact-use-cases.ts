import type { Artifact } from '@batuta/contract';
import type { Identity } from '../access/identity.ts';
import type { Page, PageRequest } from '../application.ts';

/** Of which run or session files are listed. */
export interface ArtifactListRequest extends PageRequest {
  session_id?: string | undefined;
  run_id?: string | undefined;
}

/** What can be done with files of runs. */
export interface ArtifactUseCases {
  /** Newest first. Errors: `cursor-invalid`. */
  list(identity: Identity, request: ArtifactListRequest): Promise<Page<Artifact>>;
  /** Errors: `artifact-unknown`. */
  read(identity: Identity, id: string): Promise<{ name: string; mediaType: string; content: Uint8Array }>;
}
