import { BatutaError, type ApiKey, type CreateKey, type MadeKey } from '@batuta/contract';
import { excessOf, mayGive } from '../../domain/identity/grants.ts';
import { nearestClause } from '../../domain/definition/nearest-word.ts';
import { isScope, scopeNames } from '../../domain/identity/permissions.ts';
import type { KeyRecord, KeyStore } from '../../port/key-store.ts';
import type { UserStore } from '../../port/user-store.ts';
import type { Page, PageRequest } from '../application.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { pageOf, readPageCursor } from '../page.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import type { Identity } from './identity.ts';
import { newKey } from './issue-key.ts';
import { renderKey } from './render-key.ts';
import { makeKey } from './secret.ts';

/** What looking after keys needs. */
export interface KeyContext extends Pick<
  AccessDependencies,
  'clock' | 'ids' | 'randomBytes' | 'platformTenant'
> {
  keys: KeyStore;
  users: UserStore;
}

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** Administrators look after all keys of the tenant, everybody else after their own. */
function ownOnly({ role, userId }: Identity): { userId?: string } {
  return role === 'administrator' ? {} : { userId: userId ?? 'nobody' };
}

/** Keys that somebody may see, newest first. Errors: `cursor-invalid`. */
export async function listKeys(
  context: KeyContext,
  identity: Identity,
  page: PageRequest,
): Promise<Page<ApiKey>> {
  const before = readPageCursor(page.cursor);
  const records = await context.keys.list(identity.tenantId, {
    ...ownOnly(identity),
    limit: page.limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  const render = (record: KeyRecord) => renderKey(context, record);
  return pageOf(records, page.limit, { render, key: ({ id }) => id });
}

/** One key. Errors: `key-unknown`. */
export async function getKey(context: KeyContext, identity: Identity, id: string): Promise<ApiKey> {
  return renderKey(context, await findKey(context, identity, id));
}

async function findKey({ keys }: KeyContext, identity: Identity, id: string): Promise<KeyRecord> {
  const record = await keys.get(identity.tenantId, id);
  const { userId } = ownOnly(identity);
  if (!record || (userId !== undefined && record.userId !== userId))
    throw new BatutaError('key-unknown', { id });
  return record;
}

/** Makes a key: known only in this answer. Errors: `request-invalid`, `grant-too-wide`, `user-unknown`. */
export async function createKey(context: KeyContext, identity: Identity, body: CreateKey): Promise<MadeKey> {
  const { tenantId } = identity;
  const { name, role, scopes = ['*'] } = body;
  refuseUnknownScopes(scopes);
  refuseExcess(context, identity, { tenantId, role, scopes });
  const userId = await holderOf(context, identity, body);
  const { expires_in_days: days } = body;
  const expiresAt = days === undefined ? null : context.clock.now() + days * dayMs;
  const key = makeKey(context.randomBytes);
  const order = { tenantId, name, role, scopes, userId, expiresAt };
  const made = newKey(context.ids.create('apiKey'), key, order);
  const after = { name, role, scopes: [...scopes], user_id: userId };
  const entry = auditEntry(identity, { action: 'api-key-created', target: made.id, after });
  return { ...renderKey(context, await context.keys.add(made, entry)), key };
}

/**
 * Puts a new key in the place of one, which works on for a while. A key that allows more than its rotator has is left alone: the new
 * one would be in the rotator's hands. Errors: `key-unknown`, `key-not-active`, `grant-too-wide`.
 */
export async function rotateKey(
  context: KeyContext,
  identity: Identity,
  { id, overlapHours }: { id: string; overlapHours: number },
): Promise<MadeKey> {
  const old = await findKey(context, identity, id);
  refuseExcess(context, identity, old);
  const now = context.clock.now();
  // The new one lasts as long as the old one was meant to.
  const expiresAt = old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt);
  const key = makeKey(context.randomBytes);
  const made = newKey(context.ids.create('apiKey'), key, { ...orderOf(old), expiresAt });
  const after = { replaced_by: made.id, overlap_hours: overlapHours };
  const entry = auditEntry(identity, { action: 'api-key-rotated', target: id, after });
  const stored = await context.keys.rotate({ id, until: now + overlapHours * hourMs }, made, entry);
  return { ...renderKey(context, stored), key };
}

function orderOf({ tenantId, name, role, scopes, userId }: KeyRecord) {
  return { tenantId, name, role, scopes, userId };
}

/** Ends a key. Errors: `key-unknown`, `last-administrator`. */
export async function revokeKey(context: KeyContext, identity: Identity, id: string): Promise<void> {
  const { name, role } = await findKey(context, identity, id);
  const entry = auditEntry(identity, { action: 'api-key-revoked', target: id, before: { name, role } });
  await context.keys.revoke(identity.tenantId, id, entry);
}

interface GivenGrant {
  tenantId: string;
  role: KeyRecord['role'];
  scopes: readonly string[];
}

function refuseExcess({ platformTenant }: KeyContext, identity: Identity, grant: GivenGrant): void {
  const excess = excessOf(identity, grant, platformTenant);
  if (excess !== undefined) throw new BatutaError('grant-too-wide', { excess });
}

function refuseUnknownScopes(named: readonly string[]): void {
  const issues = named.flatMap((scope, index) =>
    scope === '*' || isScope(scope)
      ? []
      : [{ path: `body.scopes.${index}`, message: `is no scope${nearestClause(scope, scopeNames)}` }],
  );
  const [first] = issues;
  if (first) throw new BatutaError('request-invalid', { summary: `${first.path}: ${first.message}`, issues });
}

/** Whose the key is: the asker's own, or, for administrators, a user's who may have it, or nobody's. */
async function holderOf(context: KeyContext, identity: Identity, body: CreateKey): Promise<string | null> {
  const { user_id: wanted = identity.userId } = body;
  if (wanted === identity.userId) return wanted;
  if (identity.role !== 'administrator')
    throw new BatutaError('grant-too-wide', { excess: 'keys of others' });
  if (wanted === null) return null;
  const user = await context.users.get(identity.tenantId, wanted);
  if (!user) throw new BatutaError('user-unknown', { id: wanted });
  if (mayGive(user.role, body.role)) return wanted;
  const message = `is more than the user may have, who is ${user.role}`;
  const issues = [{ path: 'body.role', message }];
  throw new BatutaError('request-invalid', { summary: `body.role ${message}`, issues });
}
