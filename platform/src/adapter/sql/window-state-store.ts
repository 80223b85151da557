import { windowKeyName, type StoredWindow, type WindowStateStore } from '../../port/window-state-store.ts';
import { putWindow, readWindow, readWindowVersion } from './statement/browser-windows.ts';
import type { Transactor } from './transactor.ts';

/** States of browser windows in a PostgreSQL database, embedded or not. */
export class SqlWindowStateStore implements WindowStateStore {
  readonly #transactor: Transactor;

  constructor(transactor: Transactor) {
    this.#transactor = transactor;
  }

  async version(tenantId: string, sessionId: string): Promise<number> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readWindowVersion(sessionId));
    return row?.version ?? 0;
  }

  async get(tenantId: string, sessionId: string): Promise<StoredWindow | undefined> {
    const [row] = await this.#transactor.read({ tenant: tenantId }, readWindow(sessionId));
    if (!row) return undefined;
    const { key_id: keyId, nonce, ciphertext, state_nonce: stateNonce, state, version } = row;
    const key = { name: windowKeyName(sessionId), keyId, nonce, ciphertext };
    return { sessionId, key, stateNonce, state, version };
  }

  async put(
    tenantId: string,
    { sessionId, key, stateNonce, state, version }: StoredWindow,
  ): Promise<boolean> {
    const { keyId, nonce, ciphertext } = key;
    const query = putWindow(tenantId, sessionId, version - 1, keyId, nonce, ciphertext, stateNonce, state);
    const [rows] = await this.#transactor.run({ tenant: tenantId }, [query]);
    return rows?.[0] !== undefined;
  }
}
