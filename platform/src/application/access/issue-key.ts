import type { Role } from '@batuta/contract';
import type { AccessDependencies } from './access-dependencies.ts';
import { hashSecret, makeKey } from './secret.ts';

/** Whose key it is and what it allows. */
export interface KeyOrder {
  tenantId: string;
  name: string;
  role: Role;
  /** Scopes, or `*` for everything that the role may do. */
  scopes: readonly string[];
  /** Milliseconds since the epoch; null: never. */
  expiresAt: number | null;
}

/** Makes a key. It is known only now: what is stored is its hash. */
export async function issueKey(
  { store, ids, randomBytes }: AccessDependencies,
  order: KeyOrder,
): Promise<{ id: string; key: string }> {
  const key = makeKey(randomBytes);
  const id = ids.create('apiKey');
  await store.addKey({ id, hash: hashSecret(key), ...order });
  return { id, key };
}
