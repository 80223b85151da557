import { statement } from '../statement.ts';

/** Stores a file of a run that the same transaction wrote; without the run nothing is stored. */
export const addArtifact = statement<
  never,
  readonly [
    id: string,
    tenantId: string,
    sessionId: string,
    runId: string,
    name: string,
    mediaType: string,
    content: Uint8Array,
    labels: readonly string[],
  ]
>(
  'add-artifact',
  `
  insert into artifacts (id, tenant_id, session_id, run_id, name, media_type, content, labels)
  select $1, $2, $3, $4, $5, $6, $7::bytea, $8
  where exists (select 1 from runs where id = $4)`,
);
