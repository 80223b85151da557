import { statement } from '../statement.ts';

/** Makes runs that wait for a budget claimable: those of a tenant, or of all where none is named. */
export const wakeWaiting = statement<{ id: string }, readonly [tenantId: string | null]>(
  'wake-waiting',
  `
  update runs set status = 'queued', waiting_for = null, wake_at = null
  where status = 'waiting' and waiting_for = 'budget' and ($1::text is null or tenant_id = $1)
  returning id`,
);
