import type { SealedSecret } from './secret-store.ts';

/** What is kept of a browser window, encrypted; `key` is the key of it, encrypted for `windowKeyName(sessionId)`. */
export interface StoredWindow {
  sessionId: string;
  key: SealedSecret;
  stateNonce: Uint8Array;
  state: Uint8Array;
  /** Grows with each state. */
  version: number;
}

/** States of browser windows. A store never sees what is in them. */
export interface WindowStateStore {
  /** 0 when there is none. */
  version(tenantId: string, sessionId: string): Promise<number>;
  get(tenantId: string, sessionId: string): Promise<StoredWindow | undefined>;
  /** Keeps a state in the place of the one with its version; false when there is another one, or no such session. */
  put(tenantId: string, window: StoredWindow): Promise<boolean>;
}

/** Name of the key of a window, where it is encrypted. */
export function windowKeyName(sessionId: string): string {
  return `browser:${sessionId}`;
}
