import { BatutaError, eventVersions, type JsonObject } from '@batuta/contract';
import { forkSession as forkQuery, readCompactions, readForkPoint } from './statement/fork-session.ts';
import { lockSession } from './statement/accept-run.ts';
import type { SessionRow } from './statement/read-session.ts';
import type { Execute, Transactor } from './transactor.ts';

/** Which log to copy, and up to where. */
export interface ForkSource {
  tenantId: string;
  sessionId: string;
  at?: number;
}

/** The session that is made, and whose it is. */
interface Fork {
  id: string;
  ownerId: string | null;
}

/** Copies the log of a session into a new one that begins with `session-forked`. */
export async function forkSession(
  transactor: Transactor,
  source: ForkSource,
  fork: Fork,
): Promise<SessionRow> {
  return await transactor.transaction({ tenant: source.tenantId }, (execute) => copy(execute, source, fork));
}

async function copy(execute: Execute, source: ForkSource, made: Fork): Promise<SessionRow> {
  const { sessionId } = source;
  const [session] = await execute(lockSession(sessionId));
  if (!session) throw new BatutaError('session-unknown', { id: sessionId });
  const [point] = await execute(readForkPoint(sessionId, source.at ?? null));
  if (!point) throw new BatutaError('event-unknown', { id: sessionId, seq: source.at ?? 1 });
  const compactions = await execute(readCompactions(sessionId, point.seq));
  const moved = compactions.map((event) => moveUp(event.data));
  const forked = JSON.stringify({ from_session_id: sessionId, from_seq: point.seq });
  const version = eventVersions['session-forked'];
  const seqs = compactions.map((event) => event.seq);
  const query = forkQuery(
    sessionId,
    made.id,
    point.seq,
    forked,
    version,
    point.run_id,
    seqs,
    JSON.stringify(moved),
    made.ownerId,
  );
  const [fork] = await execute(query);
  if (!fork) throw new BatutaError('session-unknown', { id: sessionId });
  return fork;
}

/** The data of a compaction in a log whose events all stand one place later. */
function moveUp(data: JsonObject): JsonObject {
  const keptFrom = data['kept_from_seq'];
  return typeof keptFrom === 'number' ? { ...data, kept_from_seq: keptFrom + 1 } : data;
}
