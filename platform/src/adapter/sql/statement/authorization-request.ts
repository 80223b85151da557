import { statement } from '../statement.ts';
import type { SealedRow } from './secrets.ts';

/** A row of `authorization_requests`. */
export interface AuthorizationRequestRow {
  hash: string;
  tenant_id: string;
  service: string;
  user_id: string | null;
  key_id: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
  expires_at: number;
}

const columns = 'hash, tenant_id, service, user_id, key_id, nonce, ciphertext, expires_at';

/** Those of the tenant that nobody answered in time. */
export const removeExpiredRequests = statement<never, readonly []>(
  'remove-expired-requests',
  'delete from authorization_requests where expires_at < now()',
);

export const addRequest = statement<
  never,
  readonly [
    hash: string,
    tenantId: string,
    service: string,
    userId: string | null,
    keyId: string,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    expiresAt: number,
  ]
>(
  'add-authorization-request',
  `insert into authorization_requests (hash, tenant_id, service, user_id, key_id, nonce, ciphertext, expires_at)
   values ($1, $2, $3, $4, $5, $6::bytea, $7::bytea, to_timestamp($8::double precision / 1000))`,
);

/** The newest request of an owner that is good for so many milliseconds more. */
export const readNewestRequest = statement<
  AuthorizationRequestRow,
  readonly [service: string, userId: string | null, milliseconds: number]
>(
  'read-newest-authorization-request',
  `select ${columns} from authorization_requests
   where service = $1 and coalesce(user_id, '') = coalesce($2, '')
     and expires_at > now() + $3::double precision * interval '1 millisecond'
   order by created_at desc limit 1`,
);

export const readRequest = statement<AuthorizationRequestRow, readonly [hash: string]>(
  'read-authorization-request',
  `select ${columns} from authorization_requests where hash = $1 and expires_at > now()`,
);

/** Of two who bring the same state, one gets the row. */
export const takeRequest = statement<AuthorizationRequestRow, readonly [hash: string]>(
  'take-authorization-request',
  `delete from authorization_requests where hash = $1 and expires_at > now() returning ${columns}`,
);

/** What an authorisation server calls the platform. */
export const readClient = statement<Omit<SealedRow, 'name'>, readonly [service: string, issuer: string]>(
  'read-oauth-client',
  'select key_id, nonce, ciphertext from oauth_clients where service = $1 and issuer = $2',
);

export const putClient = statement<
  never,
  readonly [
    tenantId: string,
    service: string,
    issuer: string,
    keyId: string,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
  ]
>(
  'put-oauth-client',
  `insert into oauth_clients (tenant_id, service, issuer, key_id, nonce, ciphertext)
   values ($1, $2, $3, $4, $5::bytea, $6::bytea)
   on conflict (tenant_id, service, issuer) do update set key_id = excluded.key_id, nonce = excluded.nonce,
     ciphertext = excluded.ciphertext, created_at = now()`,
);

export const deleteClient = statement<never, readonly [service: string, issuer: string]>(
  'delete-oauth-client',
  'delete from oauth_clients where service = $1 and issuer = $2',
);
