import { statement } from '../statement.ts';

/** A stored window. */
export interface WindowRow {
  session_id: string;
  version: number;
  key_id: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
  state_nonce: Uint8Array;
  state: Uint8Array;
}

/** Which state of a window there is. */
export const readWindowVersion = statement<{ version: number }, readonly [sessionId: string]>(
  'read-window-version',
  'select version from browser_windows where session_id = $1',
);

/** What is kept of a window. */
export const readWindow = statement<WindowRow, readonly [sessionId: string]>(
  'read-window',
  'select session_id, version, key_id, nonce, ciphertext, state_nonce, state from browser_windows where session_id = $1',
);

/** Keeps a state of a window, unless another one has been kept since the one that it follows. */
export const putWindow = statement<
  { version: number },
  readonly [
    tenantId: string,
    sessionId: string,
    follows: number,
    keyId: string,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    stateNonce: Uint8Array,
    state: Uint8Array,
  ]
>(
  'put-window',
  `
  insert into browser_windows (session_id, tenant_id, version, key_id, nonce, ciphertext, state_nonce, state)
  select id, tenant_id, $3::integer + 1, $4, $5::bytea, $6::bytea, $7::bytea, $8::bytea
  from sessions where id = $2 and tenant_id = $1
  on conflict (session_id) do update set
    version = excluded.version, key_id = excluded.key_id, nonce = excluded.nonce, ciphertext = excluded.ciphertext,
    state_nonce = excluded.state_nonce, state = excluded.state, updated_at = now()
  where browser_windows.version = $3::integer
  returning version`,
);
