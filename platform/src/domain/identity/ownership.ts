import type { Role } from '@batuta/contract';

/** Who may own something: a user, or a key that is nobody's. */
export interface Owner {
  userId: string | null;
  keyId: string | null;
}

/**
 * Whose a session and everything in it is: the user who began it, with whichever of their keys, or the key where it is nobody's.
 * Runs, child sessions, approvals and files belong to whom their session belongs.
 */
export function ownerOf({ userId, keyId }: Owner): string | null {
  return userId ?? keyId;
}

/** Whose things somebody sees and touches: null is everybody's of the tenant. Members have only their own. */
export function visibleOwner(who: Owner & { role: Role }): string | null {
  return who.role === 'member' ? (ownerOf(who) ?? nobody) : null;
}

/** Owner of nothing: a member who is neither a user nor a key sees nothing. */
const nobody = 'nobody';
