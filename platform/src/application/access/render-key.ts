import type { ApiKey } from '@batuta/contract';
import { effectiveGrant } from '../../domain/identity/grants.ts';
import type { KeyRecord } from '../../port/key-store.ts';
import { instant } from '../run/render-run.ts';

/** What a key allows today is shown without the user behind it, who may make it less. */
export function renderKey({ platformTenant }: { platformTenant: string }, record: KeyRecord): ApiKey {
  const holder = record.userId === null ? null : { role: record.role };
  const { scopes } = effectiveGrant(record, holder, platformTenant);
  const time = (at: number | null) => (at === null ? null : instant(at));
  return {
    id: record.id,
    name: record.name,
    hint: record.hint,
    role: record.role,
    scopes: [...scopes],
    user_id: record.userId,
    created_at: instant(record.createdAt),
    expires_at: time(record.expiresAt),
    revoked_at: time(record.revokedAt),
    last_used_at: time(record.lastUsedAt),
    rotated_from: record.rotatedFrom,
    replaced_by: record.replacedBy,
  };
}
