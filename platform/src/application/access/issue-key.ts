import type { AccessDependencies } from './access-dependencies.ts';
import type { Scope } from './identity.ts';
import { hashSecret, makeKey } from './secret.ts';

/** Whose key it is and what it allows. */
export interface KeyOrder {
  tenantId: string;
  name: string;
  scopes: readonly Scope[];
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
