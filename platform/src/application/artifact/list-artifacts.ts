import type { Artifact } from '@batuta/contract';
import type { ArtifactStore, ListedArtifact } from '../../port/artifact.ts';
import type { Identity } from '../access/identity.ts';
import { visibleFilter } from '../access/visibility.ts';
import type { Page } from '../application.ts';
import type { ArtifactListRequest } from './artifact-use-cases.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { instant } from '../run/render-run.ts';

/** Files of sessions that somebody may see, newest first. Errors: `cursor-invalid`. */
export async function listArtifacts(
  store: ArtifactStore,
  identity: Identity,
  filter: ArtifactListRequest,
): Promise<Page<Artifact>> {
  const before = readPageCursor(filter.cursor);
  const found = await store.list(identity.tenantId, {
    limit: filter.limit + 1,
    ...visibleFilter(identity),
    ...(before === undefined ? {} : { before }),
    ...(filter.session_id === undefined ? {} : { sessionId: filter.session_id }),
    ...(filter.run_id === undefined ? {} : { runId: filter.run_id }),
  });
  return pageOf(found, filter.limit, { render, key: ({ id }) => id });
}

function render({ id, sessionId, runId, name, mediaType, bytes, createdAt }: ListedArtifact): Artifact {
  return {
    id,
    session_id: sessionId,
    run_id: runId,
    name,
    media_type: mediaType,
    bytes,
    created_at: instant(createdAt),
  };
}
