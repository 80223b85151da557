import { statement } from '../statement.ts';

/** A row of `grants`. */
export interface GrantRow {
  id: string;
  tenant_id: string;
  service: string;
  user_id: string | null;
  key_id: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
  scopes: string[];
  version: number;
  expires_at: number | null;
  created_at: number;
  updated_at: number;
}

const columns =
  'id, tenant_id, service, user_id, key_id, nonce, ciphertext, scopes, version, expires_at, created_at, updated_at';

const instant = (parameter: string) => `to_timestamp(${parameter}::double precision / 1000)`;

/** What an owner has granted at a service. */
export const readGrant = statement<GrantRow, readonly [service: string, userId: string | null]>(
  'read-grant',
  `select ${columns} from grants where service = $1 and coalesce(user_id, '') = coalesce($2, '')`,
);

/** Any grant at a service, the newest first. */
export const readAnyGrant = statement<GrantRow, readonly [service: string]>(
  'read-any-grant',
  `select ${columns} from grants where service = $1 order by updated_at desc limit 1`,
);

export const findGrant = statement<GrantRow, readonly [id: string]>(
  'find-grant',
  `select ${columns} from grants where id = $1`,
);

/** The owner's former grant at the service goes: its tokens belong to another client or another consent. */
export const replaceGrant = statement<never, readonly [service: string, userId: string | null]>(
  'replace-grant',
  `delete from grants where service = $1 and coalesce(user_id, '') = coalesce($2, '')`,
);

export const addGrant = statement<
  GrantRow,
  readonly [
    id: string,
    tenantId: string,
    service: string,
    userId: string | null,
    keyId: string,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    scopes: readonly string[],
    expiresAt: number | null,
  ]
>(
  'add-grant',
  `insert into grants (id, tenant_id, service, user_id, key_id, nonce, ciphertext, scopes, expires_at)
   values ($1, $2, $3, $4, $5, $6::bytea, $7::bytea, $8::text[], ${instant('$9')})
   returning ${columns}`,
);

/** One of those who ask at the same time gets a row. */
export const claimRenewal = statement<
  { id: string },
  readonly [id: string, version: number, milliseconds: number]
>(
  'claim-renewal',
  `update grants set renewing_until = now() + $3::double precision * interval '1 millisecond'
   where id = $1 and version = $2::integer and (renewing_until is null or renewing_until < now())
   returning id`,
);

export const storeRenewal = statement<
  { id: string },
  readonly [
    id: string,
    version: number,
    keyId: string,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    scopes: readonly string[],
    expiresAt: number | null,
  ]
>(
  'store-renewal',
  `update grants set version = version + 1, renewing_until = null, updated_at = now(), key_id = $3, nonce = $4::bytea,
     ciphertext = $5::bytea, scopes = $6::text[], expires_at = ${instant('$7')}
   where id = $1 and version = $2::integer
   returning id`,
);

export const releaseRenewal = statement<never, readonly [id: string, version: number]>(
  'release-renewal',
  'update grants set renewing_until = null where id = $1 and version = $2::integer',
);

/** One page of grants by id. `owner`: `all`, or the user's id, or empty for nobody's. */
export const listGrants = statement<
  GrantRow,
  readonly [everybody: boolean, userId: string | null, after: string, limit: number]
>(
  'list-grants',
  `select ${columns} from grants
   where ($1::boolean or coalesce(user_id, '') = coalesce($2, '')) and id > $3 order by id limit $4`,
);

export const deleteGrant = statement<{ id: string }, readonly [id: string, version: number | null]>(
  'delete-grant',
  'delete from grants where id = $1 and ($2::integer is null or version = $2::integer) returning id',
);
