import { BatutaError } from '@batuta/contract';
import type { WorkspaceStore } from '../../port/workspace-store.ts';
import { readExistingSessions, settleWorkspace } from './statement/workspaces.ts';
import type { Transactor } from './transactor.ts';

/** Places of workspaces in a PostgreSQL database, embedded or not. */
export class SqlWorkspaceStore implements WorkspaceStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async settle(tenantId: string, sessionId: string, place: string): Promise<string> {
    const query = settleWorkspace(tenantId, sessionId, place);
    const [rows] = await this.#transactor.run({ tenant: tenantId }, [query]);
    // Two processes that settle at the same moment: the later one sees the row only when it asks again.
    const [row] = rows?.[0] ? rows : ((await this.#transactor.run({ tenant: tenantId }, [query]))[0] ?? []);
    if (!row) throw new BatutaError('session-unknown', { id: sessionId });
    return row.place;
  }

  async existing(tenantId: string, sessionIds: readonly string[]): Promise<string[]> {
    if (sessionIds.length === 0) return [];
    const rows = await this.#transactor.read({ tenant: tenantId }, readExistingSessions(sessionIds));
    return rows.map(({ id }) => id);
  }
}
