import { BatutaError, type Role } from '@batuta/contract';
import type { Issuer } from '../../domain/identity/issuer.ts';
import { readClaims, type ClaimedIdentity } from '../../domain/identity/read-claims.ts';
import type { Ids } from '../../port/ids.ts';
import type { Log } from '../../port/log.ts';
import type { VerifiedToken } from '../../port/token-verifier.ts';
import type { ExternalIdentity, UserRecord, UserStore } from '../../port/user-store.ts';
import { systemEntry } from '../audit/audit-entry.ts';

/** What finding out whose a token is needs. */
export interface RecogniseContext {
  users: UserStore;
  ids: Ids;
  log: Log;
  platformTenant: string;
  issuers: readonly Issuer[];
}

/** A user as a token shows them. */
export interface Recognised {
  user: UserRecord;
  /** What they may be by this token: what it says, else what they were given here. */
  role: Role;
}

/**
 * The user whose token it is. Whoever comes for the first time is added where the issuer's configuration says so, and a role that the
 * issuer gives is written down. Errors: `token-invalid`, `access-disabled`.
 */
export async function recognise(context: RecogniseContext, token: VerifiedToken): Promise<Recognised> {
  const issuer = context.issuers.find((each) => each.issuer === token.issuer);
  if (!issuer) throw refused('its issuer is not one of auth.issuers');
  const read = readClaims(token.claims, issuer, context.platformTenant);
  if (!read.ok) throw refused(read.reason);
  const claimed = read.value;
  const identity = { issuer: token.issuer, subject: token.subject };
  const user = await findOrAdd(context, { claimed, identity, mayAdd: issuer.create_users });
  if (user.disabledAt !== null) throw new BatutaError('access-disabled', { what: 'user', id: user.id });
  if (claimed.role === null || claimed.role === user.role) return { user, role: user.role };
  return { user: await giveRole(context, user, claimed.role), role: claimed.role };
}

interface Wanted {
  claimed: ClaimedIdentity;
  identity: ExternalIdentity;
  mayAdd: boolean;
}

async function findOrAdd(context: RecogniseContext, wanted: Wanted): Promise<UserRecord> {
  const { tenantId } = wanted.claimed;
  const found = await context.users.find(tenantId, wanted.identity);
  if (found.tenant === 'unknown') throw refused('its tenant is not known here');
  if (found.tenant === 'disabled') throw new BatutaError('access-disabled', { what: 'tenant', id: tenantId });
  if (found.user) return found.user;
  if (!wanted.mayAdd) throw refused('nobody here is known by it; ask an administrator to add you');
  return addUser(context, wanted);
}

async function addUser(context: RecogniseContext, { claimed, identity }: Wanted): Promise<UserRecord> {
  const { tenantId, role, name, email } = claimed;
  if (role === null) throw refused('it gives no role here');
  const user = { id: context.ids.create('user'), tenantId, name, email, role, identity };
  const after = { name, email, role, identity: { ...identity } };
  const entry = systemEntry({ action: 'user-created', target: user.id, reason: 'first-sight', after });
  try {
    return await context.users.add(user, entry);
  } catch (error) {
    if (!BatutaError.has(error, 'identity-taken')) throw error;
    // Another request of theirs was quicker.
    const { user: present } = await context.users.find(tenantId, identity);
    if (present) return present;
    throw error;
  }
}

/** The issuer knows best, but its word does not take a tenant's last administrator away. */
async function giveRole(context: RecogniseContext, user: UserRecord, role: Role): Promise<UserRecord> {
  const { tenantId, id } = user;
  const detail = { before: { role: user.role }, after: { role } };
  const entry = systemEntry({ action: 'user-changed', target: id, reason: 'issuer', ...detail });
  try {
    return await context.users.change({ tenantId, id }, { role }, entry);
  } catch (error) {
    if (!BatutaError.has(error, 'last-administrator')) throw error;
    context.log.warn('a token makes less of the last administrator of a tenant', {
      tenantId,
      user: id,
      role,
    });
    return user;
  }
}

function refused(reason: string): BatutaError<'token-invalid'> {
  return new BatutaError('token-invalid', { reason });
}
