import type { EventLog, StoredEvent } from '../../port/event-log.ts';
import {
  readEvents,
  readFirstNeeded,
  readLastCompaction,
  type StoredEventRow,
} from './statement/read-events.ts';
import type { Transactor } from './transactor.ts';

/** Session logs in a PostgreSQL database, embedded or not. */
export class SqlEventLog implements EventLog {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async read(
    tenantId: string,
    sessionId: string,
    range: { afterSeq: number; limit: number },
  ): Promise<StoredEvent[]> {
    const query = readEvents(sessionId, range.afterSeq, range.limit);
    const rows = await this.#transactor.read({ tenant: tenantId }, query);
    return rows.map(toStoredEvent);
  }

  async foldStart(tenantId: string, sessionId: string): Promise<number> {
    const scope = { tenant: tenantId };
    const [compaction] = await this.#transactor.read(scope, readLastCompaction(sessionId));
    const keptFrom = compaction?.data['kept_from_seq'];
    if (typeof keptFrom !== 'number') return 0;
    const [needed] = await this.#transactor.read(scope, readFirstNeeded(sessionId));
    return Math.min(keptFrom, needed?.seq ?? keptFrom) - 1;
  }
}

function toStoredEvent(row: StoredEventRow): StoredEvent {
  return {
    seq: row.seq,
    sessionId: row.session_id,
    runId: row.run_id,
    kind: row.kind,
    version: row.version,
    at: new Date(row.at).toISOString(),
    data: row.data,
  };
}
