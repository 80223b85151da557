import { statement } from '../statement.ts';

/** A row of `secrets` as it is decrypted. */
export interface SealedRow {
  name: string;
  key_id: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
}

/** A row of `secrets` as lists show it. */
export interface SecretRow {
  name: string;
  created_at: number;
  updated_at: number;
  updated_by: string;
}

/** Stores a secret in place of what was there. */
export const putSecret = statement<
  SecretRow,
  readonly [
    tenantId: string,
    name: string,
    keyId: string,
    nonce: Uint8Array,
    ciphertext: Uint8Array,
    updatedBy: string,
  ]
>(
  'put-secret',
  `
  insert into secrets (tenant_id, name, key_id, nonce, ciphertext, updated_by)
  values ($1, $2, $3, $4::bytea, $5::bytea, $6)
  on conflict (tenant_id, name) do update set key_id = excluded.key_id, nonce = excluded.nonce,
    ciphertext = excluded.ciphertext, updated_by = excluded.updated_by, updated_at = now()
  returning name, created_at, updated_at, updated_by`,
);

/** One secret of the tenant, encrypted. */
export const readSecret = statement<SealedRow, readonly [name: string]>(
  'read-secret',
  'select name, key_id, nonce, ciphertext from secrets where name = $1',
);

/** Everything that is encrypted for the tenant: secrets, and what webhooks sign with. */
const everySealed = `
  select name, key_id, nonce, ciphertext from secrets
  union all
  select 'webhook:' || id, secret_key_id, secret_nonce, secret_ciphertext from webhooks
  union all
  select 'webhook:' || id, previous_secret_key_id, previous_secret_nonce, previous_secret_ciphertext from webhooks
  where previous_secret_key_id is not null`;

/** What is encrypted for the tenant besides: what people have granted elsewhere, and by what name. */
const everyGrant = `
  select 'grant:' || id as name, key_id, nonce, ciphertext from grants
  union all
  select 'oauth-client:' || service || ':' || issuer, key_id, nonce, ciphertext from oauth_clients
  union all
  select 'browser:' || session_id, key_id, nonce, ciphertext from browser_windows`;

/** What is encrypted for the tenant, by name. */
export const readSealed = statement<SealedRow, readonly [limit: number]>(
  'read-sealed',
  `select name, key_id, nonce, ciphertext from (${everySealed}) sealed order by name limit $1`,
);

/** One page of the tenant's secrets. */
export const listSecrets = statement<SecretRow, readonly [after: string, limit: number]>(
  'list-secrets',
  `select name, created_at, updated_at, updated_by from secrets where name > $1 order by name limit $2`,
);

/** Deletes a secret. */
export const deleteSecret = statement<{ name: string }, readonly [name: string]>(
  'delete-secret',
  'delete from secrets where name = $1 returning name',
);

/** Which keys encrypt how many values of whom, over all tenants. */
export const readKeysInUse = statement<{ tenant_id: string; key_id: string; count: number }, readonly []>(
  'read-keys-in-use',
  `
  select tenant_id, key_id, count(*) as count from (
    select tenant_id, key_id from secrets
    union all
    select tenant_id, secret_key_id from webhooks
    union all
    select tenant_id, previous_secret_key_id from webhooks where previous_secret_key_id is not null
    union all
    select tenant_id, key_id from grants
    union all
    select tenant_id, key_id from oauth_clients
    union all
    select tenant_id, key_id from browser_windows
  ) used group by tenant_id, key_id order by tenant_id, key_id`,
);

/** What another key than this one encrypts for the tenant. */
export const readSealedWithOthers = statement<SealedRow, readonly [keyId: string, limit: number]>(
  'read-sealed-with-others',
  `select name, key_id, nonce, ciphertext from (${everySealed} union all ${everyGrant}) sealed
   where key_id <> $1 order by name limit $2`,
);

/** Puts a secret that was encrypted anew in place of the one that it was made from, unless that was changed. */
export const resealSecret = statement<
  never,
  readonly [name: string, formerNonce: Uint8Array, keyId: string, nonce: Uint8Array, ciphertext: Uint8Array]
>(
  'reseal-secret',
  `update secrets set key_id = $3, nonce = $4::bytea, ciphertext = $5::bytea where name = $1 and nonce = $2::bytea`,
);

/** The same for what a webhook signs with, or signed with before its last rotation. */
export const resealWebhook = statement<
  never,
  readonly [name: string, formerNonce: Uint8Array, keyId: string, nonce: Uint8Array, ciphertext: Uint8Array]
>(
  'reseal-webhook',
  `
  update webhooks set
    secret_key_id = case when secret_nonce = $2::bytea then $3 else secret_key_id end,
    secret_ciphertext = case when secret_nonce = $2::bytea then $5::bytea else secret_ciphertext end,
    secret_nonce = case when secret_nonce = $2::bytea then $4::bytea else secret_nonce end,
    previous_secret_key_id = case when previous_secret_nonce = $2::bytea then $3 else previous_secret_key_id end,
    previous_secret_ciphertext =
      case when previous_secret_nonce = $2::bytea then $5::bytea else previous_secret_ciphertext end,
    previous_secret_nonce = case when previous_secret_nonce = $2::bytea then $4::bytea else previous_secret_nonce end
  where 'webhook:' || id = $1 and $2::bytea in (secret_nonce, previous_secret_nonce)`,
);

/** The same for what was granted elsewhere. */
export const resealGrant = statement<
  never,
  readonly [name: string, formerNonce: Uint8Array, keyId: string, nonce: Uint8Array, ciphertext: Uint8Array]
>(
  'reseal-grant',
  `update grants set key_id = $3, nonce = $4::bytea, ciphertext = $5::bytea
   where 'grant:' || id = $1 and nonce = $2::bytea`,
);

/** The same for the name of the platform at an authorisation server. */
export const resealClient = statement<
  never,
  readonly [name: string, formerNonce: Uint8Array, keyId: string, nonce: Uint8Array, ciphertext: Uint8Array]
>(
  'reseal-oauth-client',
  `update oauth_clients set key_id = $3, nonce = $4::bytea, ciphertext = $5::bytea
   where 'oauth-client:' || service || ':' || issuer = $1 and nonce = $2::bytea`,
);

/** The same for the key of what a browser window keeps. */
export const resealWindow = statement<
  never,
  readonly [name: string, formerNonce: Uint8Array, keyId: string, nonce: Uint8Array, ciphertext: Uint8Array]
>(
  'reseal-browser-window',
  `update browser_windows set key_id = $3, nonce = $4::bytea, ciphertext = $5::bytea
   where 'browser:' || session_id = $1 and nonce = $2::bytea`,
);
