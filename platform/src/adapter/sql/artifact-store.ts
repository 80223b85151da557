import type { ArtifactFilter, ArtifactInfo, ArtifactStore, ListedArtifact } from '../../port/artifact.ts';
import { describeArtifact, listArtifacts, readArtifact } from './statement/read-artifact.ts';
import type { Transactor } from './transactor.ts';

/** Files in a PostgreSQL database, embedded or not. */
export class SqlArtifactStore implements ArtifactStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async list(tenantId: string, filter: ArtifactFilter): Promise<ListedArtifact[]> {
    const { sessionId = null, runId = null, ownerId = null, before = null, limit } = filter;
    const query = listArtifacts(sessionId, runId, ownerId, before, limit);
    const rows = await this.#transactor.read({ tenant: tenantId }, query);
    return rows.map(({ id, name, bytes, ...row }) => {
      const { session_id, run_id, media_type: mediaType, created_at: createdAt } = row;
      return { id, sessionId: session_id, runId: run_id, name, mediaType, bytes, createdAt };
    });
  }

  async describe(tenantId: string, id: string): Promise<ArtifactInfo | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, describeArtifact(id));
    if (!row) return undefined;
    const { name, bytes, labels } = row;
    const { session_id: sessionId, run_id: runId, owner_id: ownerId, media_type: mediaType } = row;
    return { id, sessionId, runId, ownerId, name, mediaType, bytes, labels };
  }

  async read(
    tenantId: string,
    id: string,
    range: { offset: number; length: number },
  ): Promise<Uint8Array | undefined> {
    const query = readArtifact(id, range.offset, range.length);
    const [row] = await this.#transactor.read({ tenant: tenantId }, query);
    return row?.content;
  }
}
