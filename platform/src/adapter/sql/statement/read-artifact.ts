import type { TaintLabel } from '@batuta/contract';
import { statement } from '../statement.ts';

/** What is known of a stored file, without its content. */
export const describeArtifact = statement<
  {
    id: string;
    session_id: string;
    run_id: string;
    owner_id: string | null;
    name: string;
    media_type: string;
    bytes: number;
    labels: TaintLabel[] | null;
  },
  readonly [id: string]
>(
  'describe-artifact',
  `select id, session_id, run_id, (select owner_id from sessions where sessions.id = session_id) as owner_id, name,
     media_type, octet_length(content) as bytes, labels
   from artifacts where id = $1`,
);

/** A range of a stored file. */
export const readArtifact = statement<
  { content: Uint8Array },
  readonly [id: string, offset: number, length: number]
>(
  'read-artifact',
  'select substring(content from $2::integer + 1 for $3::integer) as content from artifacts where id = $1',
);

/** Files without their content, newest first. A null filter lets everything through. */
export const listArtifacts = statement<
  {
    id: string;
    session_id: string;
    run_id: string;
    name: string;
    media_type: string;
    bytes: number;
    created_at: number;
  },
  readonly [
    sessionId: string | null,
    runId: string | null,
    ownerId: string | null,
    before: string | null,
    limit: number,
  ]
>(
  'list-artifacts',
  `select id, session_id, run_id, name, media_type, octet_length(content) as bytes, created_at
   from artifacts
   where ($1::text is null or session_id = $1)
     and ($2::text is null or run_id = $2)
     and ($3::text is null or exists (select from sessions where sessions.id = session_id and owner_id = $3))
     and ($4::text is null or id < $4)
   order by id desc limit $5::integer`,
);
