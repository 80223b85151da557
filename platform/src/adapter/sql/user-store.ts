import { BatutaError } from '@batuta/contract';
import type { AuditEntry } from '../../port/audit-log.ts';
import type { ExternalIdentity, NewUser, UserChange, UserRecord, UserStore } from '../../port/user-store.ts';
import { queryBuilder, toQuery } from './build-query.ts';
import { violatedConstraint } from './database-error.ts';
import { keepAdministrator } from './keep-administrator.ts';
import { revokeKeysOfUser } from './statement/api-key.ts';
import { appendAudit } from './statement/append-audit.ts';
import {
  addUser,
  changeUser,
  endSessionsOfUser,
  findUser,
  lockUser,
  readUser,
  removeUser,
  userColumnNames,
  type UserRow,
} from './statement/user.ts';
import { storableText } from './storable-text.ts';
import type { Execute, Transactor } from './transactor.ts';

/** Users in a PostgreSQL database, embedded or not. */
export class SqlUserStore implements UserStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async list(tenantId: string, filter: { before?: string; limit: number }): Promise<UserRecord[]> {
    const build = await queryBuilder();
    let query = build.selectFrom('users').select(userColumnNames).where('tenant_id', '=', tenantId);
    if (filter.before !== undefined) query = query.where('id', '<', filter.before);
    const page = toQuery(query.orderBy('id', 'desc').limit(filter.limit));
    return (await this.#transactor.read({ tenant: tenantId }, page)).map(toUserRecord);
  }

  async get(tenantId: string, id: string): Promise<UserRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readUser(id));
    return row && toUserRecord(row);
  }

  async find(
    tenantId: string,
    { issuer, subject }: ExternalIdentity,
  ): Promise<{ user: UserRecord | undefined; tenant: 'open' | 'disabled' | 'unknown' }> {
    const query = findUser(tenantId, issuer, subject);
    const [row] = await this.#transactor.read({ tenant: tenantId }, query);
    if (!row) return { user: undefined, tenant: 'unknown' };
    const { is_tenant_disabled: isDisabled, ...user } = row;
    return { user: isUser(user) ? toUserRecord(user) : undefined, tenant: isDisabled ? 'disabled' : 'open' };
  }

  async add(user: NewUser, audit: AuditEntry): Promise<UserRecord> {
    return await this.#transactor.transaction({ tenant: user.tenantId }, async (execute) => {
      const { id, tenantId, role, identity } = user;
      const [name, email] = [storableText(user.name), storable(user.email)];
      const [issuer, subject] = [storable(identity?.issuer), storable(identity?.subject)];
      const [row] = await execute(addUser(id, tenantId, name, email, role, issuer, subject));
      if (!row) throw await identityTaken(execute, tenantId, identity);
      await execute(appendAudit(audit));
      return toUserRecord(row);
    });
  }

  async change(
    target: { tenantId: string; id: string },
    change: UserChange,
    audit: AuditEntry,
  ): Promise<UserRecord> {
    const { tenantId, id } = target;
    try {
      return await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
        const changed = await keepAdministrator(execute, tenantId, () => applyChange(execute, id, change));
        if (change.isDisabled) await execute(endSessionsOfUser(id));
        await execute(appendAudit(audit));
        return changed;
      });
    } catch (error) {
      if (violatedConstraint(error) !== 'users_identity') throw error;
      throw await this.#transactor.transaction({ tenant: tenantId }, (execute) =>
        identityTaken(execute, tenantId, change.identity ?? null),
      );
    }
  }

  async remove(tenantId: string, id: string, audit: AuditEntry): Promise<void> {
    await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      await keepAdministrator(execute, tenantId, async () => {
        const [present] = await execute(lockUser(id));
        if (!present) throw new BatutaError('user-unknown', { id });
        await execute(revokeKeysOfUser(id));
        await execute(endSessionsOfUser(id));
        await execute(removeUser(id));
      });
      await execute(appendAudit(audit));
    });
  }
}

async function applyChange(execute: Execute, id: string, change: UserChange): Promise<UserRecord> {
  const [row] = await execute(lockUser(id));
  if (!row) throw new BatutaError('user-unknown', { id });
  const present = toUserRecord(row);
  const { name, email, role, identity } = { ...present, ...change };
  const isDisabled = change.isDisabled ?? present.disabledAt !== null;
  const [issuer, subject] = [storable(identity?.issuer), storable(identity?.subject)];
  const query = changeUser(id, storableText(name), storable(email), role, issuer, subject, isDisabled);
  const [changed] = await execute(query);
  return toUserRecord(changed ?? row);
}

async function identityTaken(
  execute: Execute,
  tenantId: string,
  identity: ExternalIdentity | null,
): Promise<BatutaError> {
  const { issuer, subject } = identity ?? { issuer: '', subject: '' };
  const [taken] = await execute(findUser(tenantId, issuer, subject));
  return new BatutaError('identity-taken', { id: taken?.id ?? 'unknown', issuer, subject });
}

function isUser(row: Partial<UserRow> | { id: null }): row is UserRow {
  return row.id !== null;
}

function storable(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storableText(text);
}

function toUserRecord(row: UserRow): UserRecord {
  const { issuer, subject } = row;
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    email: row.email,
    role: row.role,
    identity: issuer === null || subject === null ? null : { issuer, subject },
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}
