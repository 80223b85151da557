import { roles, tenantIdSchema, type JsonObject, type JsonValue, type Role } from '@batuta/contract';
import type { Issuer } from './issuer.ts';

/** Who a token's claims say that somebody is. */
export interface ClaimedIdentity {
  tenantId: string;
  /** Null: the issuer does not say; what the user was given here counts. */
  role: Role | null;
  name: string;
  email: string | null;
}

/** What claims come to, or why they do not come to anybody. */
export type ReadClaims = { ok: true; value: ClaimedIdentity } | { ok: false; reason: string };

const longestName = 200;

/** Reads a token's claims as its issuer's configuration has it. The token has been verified. */
export function readClaims(
  claims: JsonObject & { sub: string },
  issuer: Issuer,
  platformTenant: string,
): ReadClaims {
  const tenantId = tenantOf(claims, issuer) ?? platformTenant;
  if (!tenantIdSchema.safeParse(tenantId).success) return { ok: false, reason: 'it names no tenant' };
  const role = roleOf(claims, issuer);
  if (role === undefined) return { ok: false, reason: 'it gives no role here' };
  const { name: nameAt, email: emailAt = 'email' } = issuer.claims;
  const email = textAt(claims, emailAt) ?? null;
  const names = [nameAt, 'name', 'preferred_username'].flatMap(
    (path) => (path && textAt(claims, path)) ?? [],
  );
  const name = names[0] ?? email ?? claims.sub;
  return { ok: true, value: { tenantId, role, name: name.slice(0, longestName), email } };
}

function tenantOf(claims: JsonObject, { claims: paths, tenant }: Issuer): string | undefined {
  const named = paths.tenant === undefined ? undefined : valueAt(claims, paths.tenant);
  if (named === undefined || named === null) return tenant ?? (paths.tenant === undefined ? undefined : '');
  return typeof named === 'string' ? named : '';
}

/** Undefined: none, so that they are refused. */
function roleOf(
  claims: JsonObject,
  { claims: paths, roles: known, default_role }: Issuer,
): Role | null | undefined {
  if (paths.role === undefined) return default_role ?? null;
  const found = valueAt(claims, paths.role);
  const words = (Array.isArray(found) ? found : [found]).filter((word) => typeof word === 'string');
  const given = words.flatMap((word) => (Object.hasOwn(known, word) ? (known[word] ?? []) : []));
  return roles.find((role) => given.includes(role)) ?? default_role;
}

/** What stands at a path: the whole path may be one name, as of claims that are addresses, or lead through objects. */
function valueAt(claims: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: JsonValue | undefined = claims;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

function textAt(claims: JsonObject, path: string): string | undefined {
  const value = valueAt(claims, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
