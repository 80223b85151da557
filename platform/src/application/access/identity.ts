import type { Role } from '@batuta/contract';
import type { Scope } from '../../domain/identity/permissions.ts';
import type { Proof } from '../../port/access-store.ts';
import type { Requester } from '../../port/run-record.ts';

export type { Scope };

/** Who asks: made once at the door from a key, a token or a browser's session, and passed to every use case. */
export interface Identity {
  tenantId: string;
  /** The key, the same for all keys that it was rotated into; null for who did not come with a key. */
  keyId: string | null;
  /** The user behind a key, token or session; null for a key that is nobody's. */
  userId: string | null;
  /** Name of the user or key, for `cancelled_by` and the like. */
  name: string;
  role: Role;
  scopes: ReadonlySet<Scope>;
  /** Network address that the request came from, where there is one. */
  address: string | null;
  /** What they came with, for what stays open longer than a request; absent where nobody came through a door. */
  proof?: Proof;
}

/** What a run keeps of the one who asked for it. */
export function requesterOf({ userId, keyId, role, name, address }: Identity): Requester {
  return { userId, keyId, role, name, address };
}
