import type { Role } from '@batuta/contract';
import type { NewKey } from '../../port/access-store.ts';
import { systemEntry } from '../audit/audit-entry.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import { hashSecret, makeKey } from './secret.ts';

/** Whose key it is and what it allows. */
export interface KeyOrder {
  tenantId: string;
  name: string;
  role: Role;
  /** Scopes, or `*` for everything that the role may do. */
  scopes: readonly string[];
  /** The user that it belongs to; absent: nobody. */
  userId?: string | null;
  /** Milliseconds since the epoch; null: never. */
  expiresAt: number | null;
}

/** Characters of a key that tell it from others without giving it away. */
const hintLength = 4;

/** A key as it is stored: its hash and its last characters. */
export function newKey(id: string, key: string, order: KeyOrder): NewKey {
  return { id, hash: hashSecret(key), hint: key.slice(-hintLength), userId: null, ...order };
}

/** Makes a key in the platform's own name. It is known only now: what is stored is its hash. */
export async function issueKey(
  { store, ids, randomBytes }: AccessDependencies,
  order: KeyOrder,
): Promise<{ id: string; key: string }> {
  const key = makeKey(randomBytes);
  const id = ids.create('apiKey');
  await store.addKey(newKey(id, key, order), keyMade(id, order));
  return { id, key };
}

/** The entry of the audit log for a key that the platform made by itself. */
export function keyMade(id: string, { name, role, scopes }: KeyOrder) {
  return systemEntry({ action: 'api-key-created', target: id, after: { name, role, scopes: [...scopes] } });
}
