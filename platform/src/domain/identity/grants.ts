import type { Role } from '@batuta/contract';
import { grantedScopes, type Grant } from './granted-scopes.ts';
import { scopesOf, type Scope } from './permissions.ts';

/** Roles that each role may give away: none that may do, or see, more than itself. */
const givable: Readonly<Record<Role, readonly Role[]>> = {
  administrator: ['administrator', 'operator', 'member', 'viewer'],
  operator: ['operator', 'member', 'viewer'],
  member: ['member'],
  viewer: ['viewer'],
};

/** Whether who has a role may give, or have given, another. */
export function mayGive(role: Role, given: Role): boolean {
  return givable[role].includes(given);
}

/** Scopes that only mean something for somebody: keys that are nobody's have no keys of their own to look after. */
const scopesOfUsers: readonly Scope[] = ['keys:read', 'keys:write'];

/**
 * What somebody may do who comes with a grant (a key, a browser's session): never more than the user behind it may today, whatever
 * the grant was when it was made.
 */
export function effectiveGrant(
  grant: Grant,
  user: { role: Role } | null,
  platformTenant: string,
): { role: Role; scopes: ReadonlySet<Scope> } {
  const role = user === null || mayGive(user.role, grant.role) ? grant.role : user.role;
  const granted = grantedScopes(grant, platformTenant);
  if (role !== grant.role) return { role, scopes: intersect(granted, scopesOf(role)) };
  if (user !== null || role === 'administrator') return { role, scopes: granted };
  return { role, scopes: new Set([...granted].filter((scope) => !scopesOfUsers.includes(scope))) };
}

function intersect(one: ReadonlySet<Scope>, other: ReadonlySet<Scope>): ReadonlySet<Scope> {
  return new Set([...one].filter((scope) => other.has(scope)));
}

/** Who gives something away. */
export interface Giver {
  role: Role;
  scopes: ReadonlySet<Scope>;
}

/** What of a grant its giver does not have, in words; undefined when they have it all. */
export function excessOf(giver: Giver, grant: Grant, platformTenant: string): string | undefined {
  if (!mayGive(giver.role, grant.role)) return `the role ${grant.role}`;
  const missing = [...grantedScopes(grant, platformTenant)].filter((scope) => !giver.scopes.has(scope));
  if (missing.length === 0) return undefined;
  return `the scope${missing.length === 1 ? '' : 's'} ${missing.slice(0, 5).join(', ')}`;
}
