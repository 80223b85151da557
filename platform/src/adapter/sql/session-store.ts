import { BatutaError } from '@batuta/contract';
import type { SessionRecord, SessionStore } from '../../port/session-store.ts';
import { queryBuilder, toQuery } from './build-query.ts';
import { forkSession, type ForkSource } from './fork-session.ts';
import {
  deleteSessions,
  handOverArtifacts,
  lockSessions,
  readSessionTree,
  readUnfinished,
} from './statement/delete-session.ts';
import { readSession, type SessionRow } from './statement/read-session.ts';
import type { Transactor } from './transactor.ts';

/** Sessions in a PostgreSQL database, embedded or not. */
export class SqlSessionStore implements SessionStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async get(tenantId: string, id: string): Promise<SessionRecord | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readSession(id));
    return row && toSessionRecord(row);
  }

  async list(
    tenantId: string,
    page: { ownerId?: string; before?: string; limit: number },
  ): Promise<SessionRecord[]> {
    const build = await queryBuilder();
    let query = build.selectFrom('sessions').selectAll().where('tenant_id', '=', tenantId);
    query = query.where('parent_run_id', 'is', null);
    if (page.ownerId !== undefined) query = query.where('owner_id', '=', page.ownerId);
    if (page.before !== undefined) query = query.where('id', '<', page.before);
    const built = toQuery(query.orderBy('id', 'desc').limit(page.limit));
    const rows = await this.#transactor.read({ tenant: tenantId }, built);
    return rows.map(toSessionRecord);
  }

  async delete(tenantId: string, id: string): Promise<void> {
    await this.#transactor.transaction({ tenant: tenantId }, async (execute) => {
      const tree = (await execute(readSessionTree(id))).map((session) => session.id);
      const locked = await execute(lockSessions(tree));
      if (!locked.some((session) => session.id === id)) throw new BatutaError('session-unknown', { id });
      const [unfinished] = await execute(readUnfinished(tree));
      if (unfinished) throw new BatutaError('session-busy', { id, run_id: unfinished.id });
      await execute(handOverArtifacts(tree));
      await execute(deleteSessions(tree));
    });
  }

  async fork(source: ForkSource, fork: { id: string; ownerId: string | null }): Promise<SessionRecord> {
    return toSessionRecord(await forkSession(this.#transactor, source, fork));
  }
}

function toSessionRecord(row: SessionRow): SessionRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    agent: row.agent,
    title: row.title,
    metadata: row.metadata,
    forkedFrom: toOrigin(row),
    parentRunId: row.parent_run_id,
    ownerId: row.owner_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toOrigin(row: SessionRow): SessionRecord['forkedFrom'] {
  if (row.forked_from_session === null || row.forked_from_seq === null) return null;
  return { sessionId: row.forked_from_session, seq: row.forked_from_seq };
}
