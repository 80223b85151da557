import type {
  AccessStore,
  Credential,
  CredentialUse,
  NewBrowserSession,
  NewKey,
  Owner,
  OwnerStanding,
  Proof,
  Standing,
} from '../../port/access-store.ts';
import type { AuditEntry } from '../../port/audit-log.ts';
import {
  addBrowserSession,
  addLoginToken,
  endBrowserSession,
  ensureTenant,
  findBrowserSession,
  findKey,
  forgetBrowserSessions,
  forgetLoginTokens,
  noteKeyUses,
  readOwners,
  readStandings,
  renewBrowserSessions,
  takeLoginToken,
  type CredentialRow,
  type OwnerRow,
  type StandingRow,
} from './statement/access.ts';
import { appendAudit } from './statement/append-audit.ts';
import { addKeyQuery } from './key-row.ts';
import { storableText } from './storable-text.ts';
import type { Transactor } from './transactor.ts';

/** Who may enter, in a PostgreSQL database, embedded or not. */
export class SqlAccessStore implements AccessStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async ensureTenant(tenantId: string, name: string): Promise<void> {
    await this.#transactor.run({ tenant: tenantId }, [ensureTenant(tenantId, storableText(name))]);
  }

  async addKey(key: NewKey, audit: AuditEntry): Promise<void> {
    await this.#transactor.run({ tenant: key.tenantId }, [addKeyQuery(key), appendAudit(audit)]);
  }

  async findKey(hash: string): Promise<Credential | undefined> {
    const [row] = await this.#transactor.read('system', findKey(hash));
    return row && toCredential(row);
  }

  async addLoginToken(token: { hash: string; tenantId: string; expiresAt: number }): Promise<void> {
    const { hash, tenantId, expiresAt } = token;
    const query = addLoginToken(hash, tenantId, new Date(expiresAt));
    await this.#transactor.run({ tenant: tenantId }, [forgetLoginTokens(), query]);
  }

  async takeLoginToken(hash: string): Promise<{ tenantId: string } | undefined> {
    const [[row]] = await this.#transactor.run('system', [takeLoginToken(hash)]);
    return row?.is_valid ? { tenantId: row.tenant_id } : undefined;
  }

  async addBrowserSession(session: NewBrowserSession, audit: AuditEntry): Promise<void> {
    const { hash, tenantId, userId, role, scopes, logoutHint = null } = session;
    const [expiresAt, endsAt] = [new Date(session.expiresAt), new Date(session.endsAt)];
    const name = storableText(session.name);
    const add = addBrowserSession(hash, tenantId, userId, name, role, scopes, expiresAt, endsAt, logoutHint);
    await this.#transactor.run({ tenant: tenantId }, [forgetBrowserSessions(), add, appendAudit(audit)]);
  }

  async findBrowserSession(hash: string): Promise<Credential | undefined> {
    const [row] = await this.#transactor.read('system', findBrowserSession(hash));
    return row && toCredential(row);
  }

  async standings(proofs: readonly Proof[]): Promise<ReadonlyMap<string, Standing>> {
    const hashesOf = (kind: Proof['kind']) =>
      proofs.filter((proof) => proof.kind === kind).map(({ hash }) => hash);
    const tokens = proofs.filter((proof) => proof.kind === 'token');
    const users = [...new Set(tokens.map(({ userId }) => userId))];
    const query = readStandings(hashesOf('key'), hashesOf('browser'), users);
    const rows = await this.#transactor.read('system', query);
    const found = new Map(rows.map((row) => [row.proof, toStanding(row)]));
    const ofTokens = tokens.flatMap(({ hash, userId }) => {
      const standing = found.get(userId);
      return standing ? [[hash, standing] as const] : [];
    });
    return new Map([...found, ...ofTokens]);
  }

  async owners(tenantId: string, owners: readonly Owner[]): Promise<OwnerStanding[]> {
    const users = owners.flatMap(({ userId }) => userId ?? []);
    const keys = owners.flatMap(({ keyId }) => keyId ?? []);
    const rows = await this.#transactor.read({ tenant: tenantId }, readOwners(tenantId, users, keys));
    return owners.map((owner) => toOwnerStanding(owner, rows));
  }

  async endBrowserSession(tenantId: string, hash: string, audit: AuditEntry): Promise<string | null> {
    const queries = [endBrowserSession(hash), appendAudit(audit)] as const;
    const [[ended]] = await this.#transactor.run({ tenant: tenantId }, queries);
    return ended?.logout_hint ?? null;
  }

  async noteUses(uses: readonly CredentialUse[]): Promise<void> {
    for (const [tenant, ofTenant] of Map.groupBy(uses, ({ tenantId }) => tenantId)) {
      await this.#transactor.run({ tenant }, [noteKeys(ofTenant), renewSessions(ofTenant)]);
    }
  }
}

function noteKeys(uses: readonly CredentialUse[]) {
  const keys = uses.flatMap(({ used, at }) => ('keyId' in used ? [{ id: used.keyId, at }] : []));
  const times = keys.map(({ at }) => new Date(at).toISOString());
  return noteKeyUses(
    keys.map(({ id }) => id),
    times,
  );
}

function renewSessions(uses: readonly CredentialUse[]) {
  const sessions = uses.flatMap(({ used }) => ('sessionHash' in used ? [used] : []));
  return renewBrowserSessions(
    sessions.map(({ sessionHash }) => sessionHash),
    sessions.map(({ expiresAt }) => new Date(expiresAt).toISOString()),
  );
}

function toCredential(row: CredentialRow): Credential {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    familyId: row.family_id,
    name: row.name,
    role: row.role,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    user: toUser(row),
    isTenantDisabled: row.tenant_disabled,
  };
}

function toStanding(row: StandingRow): Standing {
  return { credential: toCredential(row), ended: row.ended };
}

function toOwnerStanding({ userId, keyId }: Owner, rows: readonly OwnerRow[]): OwnerStanding {
  const find = (kind: OwnerRow['kind'], id: string | null) =>
    rows.find((row) => row.kind === kind && row.id === id);
  const [user, key] = [find('user', userId), find('key', keyId)];
  return {
    isTenantDisabled: rows.some(({ kind, state }) => kind === 'tenant' && state === 'disabled'),
    user: user?.role ? { role: user.role, isDisabled: user.state === 'disabled' } : null,
    key: key?.role && key.state !== 'disabled' ? { role: key.role, state: key.state } : null,
  };
}

function toUser({ user_id: id, user_name: name, user_role: role, user_disabled }: CredentialRow) {
  if (id === null || name === null || role === null) return null;
  return { id, name, role, isDisabled: user_disabled === true };
}
