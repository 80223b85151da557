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

/** Secrets of the tenant, encrypted, by name. */
export const readSealed = statement<SealedRow, readonly [limit: number]>(
  'read-sealed',
  'select name, key_id, nonce, ciphertext from secrets order by name limit $1',
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

/** Which keys encrypt how many secrets of whom, over all tenants. */
export const readKeysInUse = statement<{ tenant_id: string; key_id: string; count: number }, readonly []>(
  'read-keys-in-use',
  `select tenant_id, key_id, count(*) as count from secrets group by tenant_id, key_id order by tenant_id, key_id`,
);

/** Secrets of the tenant that another key than this one encrypts. */
export const readSealedWithOthers = statement<SealedRow, readonly [keyId: string, limit: number]>(
  'read-sealed-with-others',
  'select name, key_id, nonce, ciphertext from secrets where key_id <> $1 order by name limit $2',
);

/** Puts a secret that was encrypted anew in place of the one that it was made from, unless that was changed. */
export const resealSecret = statement<
  never,
  readonly [name: string, formerNonce: Uint8Array, keyId: string, nonce: Uint8Array, ciphertext: Uint8Array]
>(
  'reseal-secret',
  `update secrets set key_id = $3, nonce = $4::bytea, ciphertext = $5::bytea where name = $1 and nonce = $2::bytea`,
);
