import { statement } from '../statement.ts';

/** Keeps the place of a session's workspace, if it has none yet; none for a session that is gone. */
export const settleWorkspace = statement<
  { place: string },
  readonly [tenantId: string, sessionId: string, place: string]
>(
  'settle-workspace',
  `
  with settled as (
    insert into workspaces (session_id, tenant_id, place)
    select id, tenant_id, $3 from sessions where id = $2 and tenant_id = $1
    on conflict (session_id) do nothing returning place
  )
  select place from settled union all select place from workspaces where session_id = $2 limit 1`,
);

/** Which of some sessions there are. */
export const readExistingSessions = statement<{ id: string }, readonly [sessionIds: readonly string[]]>(
  'read-existing-sessions',
  'select id from sessions where id = any($1::text[])',
);
