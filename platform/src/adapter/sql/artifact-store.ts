import type { ArtifactInfo, ArtifactStore } from '../../port/artifact.ts';
import { describeArtifact, readArtifact } from './statement/read-artifact.ts';
import type { Transactor } from './transactor.ts';

/** Files in a PostgreSQL database, embedded or not. */
export class SqlArtifactStore implements ArtifactStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
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
