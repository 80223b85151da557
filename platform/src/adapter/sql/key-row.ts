import { BatutaError } from '@batuta/contract';
import type { NewKey } from '../../port/access-store.ts';
import type { KeyRecord } from '../../port/key-store.ts';
import { addKey, type ApiKeyRow } from './statement/api-key.ts';
import { storableText } from './storable-text.ts';

/** The query that stores a key; `origin` where it takes the place of another. */
export function addKeyQuery(key: NewKey, origin?: { familyId: string; rotatedFrom: string }) {
  const { id, tenantId, hash, hint, role, scopes, userId, expiresAt } = key;
  const expires = expiresAt === null ? null : new Date(expiresAt);
  const { familyId = null, rotatedFrom = null } = origin ?? {};
  const name = storableText(key.name);
  return addKey(id, tenantId, name, hash, hint, role, scopes, userId, expires, familyId, rotatedFrom);
}

/** The key that was just stored. Two keys of 256 random bits are never the same, so that it is there. */
export function toMadeKey([row]: readonly ApiKeyRow[], id: string): KeyRecord {
  if (row) return toKeyRecord(row);
  throw new BatutaError('internal', { incident: `key ${id} was not stored` });
}

/** A stored key as the port gives it. */
export function toKeyRecord(row: ApiKeyRow): KeyRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    familyId: row.family_id ?? row.id,
    userId: row.user_id,
    name: row.name,
    hint: row.hint,
    role: row.role,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    rotatedFrom: row.rotated_from,
    replacedBy: row.replaced_by,
  };
}
