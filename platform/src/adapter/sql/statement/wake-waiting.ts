import type { WaitReason } from '@batuta/contract';
import { statement } from '../statement.ts';

/** Makes runs that wait for something claimable: those of a tenant, or of all where none is named. */
export const wakeWaiting = statement<{ id: string }, readonly [tenantId: string | null, reason: WaitReason]>(
  'wake-waiting',
  `
  update runs set status = 'queued', waiting_for = null, wake_at = null
  where status = 'waiting' and waiting_for = $2 and ($1::text is null or tenant_id = $1)
  returning id`,
);
