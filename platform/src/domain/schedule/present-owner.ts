import type { Role } from '@batuta/contract';
import type { OwnerStanding } from '../../port/access-store.ts';
import type { Requester } from '../../port/run-record.ts';
import { mayGive } from '../identity/grants.ts';
import { scopesOf } from '../identity/permissions.ts';

/** Whoever something goes on for without them: what they may be now, or why nothing can be done in their name. */
export type PresentOwner = { role: Role } | { withheld: string };

/**
 * What the owner of a schedule is now. Their role of when they wrote it counts only where nobody else can tell: for browsers that were signed
 * in by a link. A key is worth no more than its user, and nothing once it is over.
 */
export function presentOwner(requester: Requester, standing: OwnerStanding): PresentOwner {
  const withheld = goneOf(requester, standing);
  if (withheld !== null) return { withheld };
  const role = roleOf(requester, standing);
  if (scopesOf(role).has('runs:write')) return { role };
  return { withheld: `${quoted(requester)}, in whose name it runs, is ${role} now and may not start runs.` };
}

function goneOf(requester: Requester, { user, key, isTenantDisabled }: OwnerStanding): string | null {
  if (isTenantDisabled) return 'The tenant is disabled.';
  if (requester.userId !== null) {
    if (user === null) return `${quoted(requester)}, in whose name it runs, was deleted.`;
    if (user.isDisabled) return `${quoted(requester)}, in whose name it runs, is disabled.`;
  }
  if (requester.keyId === null || key?.state === 'active') return null;
  return `The key that ${quoted(requester)} wrote it with ${key?.state === 'expired' ? 'has expired' : 'was revoked'}.`;
}

function roleOf({ userId, keyId, role }: Requester, { user, key }: OwnerStanding): Role {
  const given = keyId === null ? null : (key?.role ?? role);
  if (userId === null || user === null) return given ?? role;
  return given !== null && mayGive(user.role, given) ? given : user.role;
}

function quoted({ name }: Requester): string {
  return `"${name}"`;
}
