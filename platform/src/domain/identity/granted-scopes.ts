import type { Role } from '@batuta/contract';
import { platformScopes, scopesOf, type Scope } from './permissions.ts';

/** A word that stands for everything that the role of its key may do; `admin` is its name from before there were roles. */
const everything: ReadonlySet<string> = new Set(['*', 'admin']);

/** What a key or a browser session was given. */
export interface Grant {
  tenantId: string;
  role: Role;
  /** Scopes, or `*` for everything that the role may do. */
  scopes: readonly string[];
}

/**
 * The scopes that a grant comes to today: never more than its role has, whatever words were stored. Scopes over all tenants are
 * only had by an administrator of the platform's tenant who was given them by name.
 */
export function grantedScopes({ tenantId, role, scopes }: Grant, platformTenant: string): ReadonlySet<Scope> {
  const ofRole = scopesOf(role);
  const granted = new Set(scopes.some((word) => everything.has(word)) ? ofRole : named(ofRole, scopes));
  if (role === 'administrator' && tenantId === platformTenant) {
    for (const scope of named(platformScopes, scopes)) granted.add(scope);
  }
  return granted;
}

function named(known: ReadonlySet<Scope>, words: readonly string[]): Scope[] {
  return [...known].filter((scope) => words.includes(scope));
}
