import { BatutaError, type Session } from '@batuta/contract';
import { ownerOf } from '../../domain/identity/ownership.ts';
import type { Ids } from '../../port/ids.ts';
import type { SessionRecord, SessionStore } from '../../port/session-store.ts';
import type { Identity } from '../access/identity.ts';
import { isSessionVisible, isVisible, visibleFilter } from '../access/visibility.ts';
import type { Page, PageRequest } from '../application.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { instant } from '../run/render-run.ts';

/** One session. Errors: `session-unknown`. */
export async function getSession(store: SessionStore, identity: Identity, id: string): Promise<Session> {
  const session = await store.get(identity.tenantId, id);
  if (!session || !isVisible(identity, session.ownerId)) throw new BatutaError('session-unknown', { id });
  return renderSession(session);
}

/** Sessions of the tenant, newest first. Errors: `cursor-invalid`. */
export async function listSessions(
  store: SessionStore,
  identity: Identity,
  page: PageRequest,
): Promise<Page<Session>> {
  const before = readPageCursor(page.cursor);
  const records = await store.list(identity.tenantId, {
    limit: page.limit + 1,
    ...visibleFilter(identity),
    ...(before === undefined ? {} : { before }),
  });
  return pageOf(records, page.limit, { render: renderSession, key: (record) => record.id });
}

/** Copies a session's log up to an event into a new session. Errors: `session-unknown`, `event-unknown`. */
export async function forkSession(
  context: { store: SessionStore; ids: Ids },
  identity: Identity,
  source: { id: string; at: number | undefined },
): Promise<Session> {
  const { tenantId } = identity;
  const { id: sessionId, at } = source;
  await requireSession(context.store, identity, sessionId);
  const target = { tenantId, sessionId, ...(at === undefined ? {} : { at }) };
  const fork = { id: context.ids.create('session'), ownerId: ownerOf(identity) };
  return renderSession(await context.store.fork(target, fork));
}

/** Deletes a session with all that is in it. Errors: `session-unknown`, `session-busy`. */
export async function deleteSession(store: SessionStore, identity: Identity, id: string): Promise<void> {
  await requireSession(store, identity, id);
  await store.delete(identity.tenantId, id);
}

async function requireSession(store: SessionStore, identity: Identity, id: string): Promise<void> {
  if (!(await isSessionVisible(store, identity, id))) throw new BatutaError('session-unknown', { id });
}

function renderSession(record: SessionRecord): Session {
  const { forkedFrom, parentRunId } = record;
  return {
    id: record.id,
    agent: record.agent,
    title: record.title,
    metadata: record.metadata,
    ...(forkedFrom ? { forked_from: { session_id: forkedFrom.sessionId, seq: forkedFrom.seq } } : {}),
    ...(parentRunId === null ? {} : { parent_run_id: parentRunId }),
    created_at: instant(record.createdAt),
    updated_at: instant(record.updatedAt),
  };
}
