import {
  BatutaError,
  type ChangeUser,
  type CreateUser,
  type JsonObject,
  type Role,
  type User,
} from '@batuta/contract';
import { excessOf } from '../../domain/identity/grants.ts';
import type { UserChange, UserRecord, UserStore } from '../../port/user-store.ts';
import type { Page, PageRequest } from '../application.ts';
import { auditEntry, detailOf } from '../audit/audit-entry.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { instant } from '../run/render-run.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import type { Identity } from './identity.ts';

/** What looking after users needs. */
export interface UserContext extends Pick<AccessDependencies, 'ids' | 'platformTenant'> {
  users: UserStore;
}

/** Users of the tenant, newest first. Errors: `cursor-invalid`. */
export async function listUsers(
  { users }: UserContext,
  { tenantId }: Identity,
  page: PageRequest,
): Promise<Page<User>> {
  const before = readPageCursor(page.cursor);
  const records = await users.list(tenantId, {
    limit: page.limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  return pageOf(records, page.limit, { render: renderUser, key: ({ id }) => id });
}

/** One user. Errors: `user-unknown`. */
export async function getUser({ users }: UserContext, { tenantId }: Identity, id: string): Promise<User> {
  return renderUser(await findUser(users, tenantId, id));
}

/** Adds a user. Errors: `grant-too-wide`, `identity-taken`. */
export async function createUser(context: UserContext, identity: Identity, body: CreateUser): Promise<User> {
  const { tenantId } = identity;
  const { name, email = null, role } = body;
  refuseExcess(context, identity, role);
  const user = {
    id: context.ids.create('user'),
    tenantId,
    name,
    email,
    role,
    identity: body.identity ?? null,
  };
  const entry = auditEntry(identity, { action: 'user-created', target: user.id, after: detailOf(body) });
  return renderUser(await context.users.add(user, entry));
}

/**
 * Changes a user. Nobody is given, or taken from the hands of, a role that the one who asks does not have in full. Errors: `user-unknown`,
 * `grant-too-wide`, `identity-taken`, `last-administrator`.
 */
export async function changeUser(
  context: UserContext,
  identity: Identity,
  { id, body }: { id: string; body: ChangeUser },
): Promise<User> {
  const { tenantId } = identity;
  const present = await findUser(context.users, tenantId, id);
  refuseExcess(context, identity, present.role);
  if (body.role !== undefined) refuseExcess(context, identity, body.role);
  const { disabled, ...fields } = body;
  const change: UserChange = {
    ...definedOf(fields),
    ...(disabled === undefined ? {} : { isDisabled: disabled }),
  };
  const entry = auditEntry(identity, {
    action: disabled === true ? 'user-disabled' : 'user-changed',
    target: id,
    before: changedOf(renderUser(present), body),
    after: detailOf(body),
  });
  return renderUser(await context.users.change({ tenantId, id }, change, entry));
}

/** Removes a user with their keys and browser sessions. Errors: `user-unknown`, `grant-too-wide`, `last-administrator`. */
export async function deleteUser(context: UserContext, identity: Identity, id: string): Promise<void> {
  const { tenantId } = identity;
  const { name, role } = await findUser(context.users, tenantId, id);
  refuseExcess(context, identity, role);
  const entry = auditEntry(identity, { action: 'user-deleted', target: id, before: { name, role } });
  await context.users.remove(tenantId, id, entry);
}

async function findUser(users: UserStore, tenantId: string, id: string): Promise<UserRecord> {
  const user = await users.get(tenantId, id);
  if (!user) throw new BatutaError('user-unknown', { id });
  return user;
}

function refuseExcess({ platformTenant }: UserContext, identity: Identity, role: Role): void {
  const excess = excessOf(identity, { tenantId: identity.tenantId, role, scopes: ['*'] }, platformTenant);
  if (excess !== undefined) throw new BatutaError('grant-too-wide', { excess });
}

/** Only the fields that are there: an absent one must not stand for "nothing". */
function definedOf(fields: Omit<ChangeUser, 'disabled'>): UserChange {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What was there before of the fields that a request names. */
function changedOf(user: User, body: ChangeUser): JsonObject {
  const before: JsonObject = { ...user, disabled: user.disabled_at !== null };
  return Object.fromEntries(Object.keys(body).map((key) => [key, before[key] ?? null]));
}

function renderUser(record: UserRecord): User {
  return {
    id: record.id,
    name: record.name,
    email: record.email,
    role: record.role,
    identity: record.identity,
    created_at: instant(record.createdAt),
    disabled_at: record.disabledAt === null ? null : instant(record.disabledAt),
  };
}
