import type { Role } from '@batuta/contract';
import { statement } from '../statement.ts';

/** A row of `users`. */
export interface UserRow {
  id: string;
  tenant_id: string;
  name: string;
  email: string | null;
  role: Role;
  issuer: string | null;
  subject: string | null;
  created_at: number;
  disabled_at: number | null;
}

/** Columns of a `UserRow`. */
export const userColumnNames = [
  'id',
  'tenant_id',
  'name',
  'email',
  'role',
  'issuer',
  'subject',
  'created_at',
  'disabled_at',
] as const satisfies (keyof UserRow)[];

const columns = userColumnNames.join(', ');

/** One user of the tenant. */
export const readUser = statement<UserRow, readonly [id: string]>(
  'read-user',
  `select ${columns} from users where id = $1`,
);

/** One user, kept from being changed by others until the transaction ends. */
export const lockUser = statement<UserRow, readonly [id: string]>(
  'lock-user',
  `select ${columns} from users where id = $1 for update`,
);

/** The user that an identity provider knows by this name, beside whether the tenant is disabled. */
export const findUser = statement<
  (UserRow | { id: null }) & { is_tenant_disabled: boolean },
  readonly [tenantId: string, issuer: string, subject: string]
>(
  'find-user',
  `select ${userColumnNames.map((name) => `users.${name}`).join(', ')}, tenants.disabled_at is not null as is_tenant_disabled
   from tenants left join users on users.tenant_id = tenants.tenant_id and issuer = $2 and subject = $3
   where tenants.tenant_id = $1`,
);

/** Stores a user; no row comes back where the identity is taken. */
export const addUser = statement<
  UserRow,
  readonly [
    id: string,
    tenantId: string,
    name: string,
    email: string | null,
    role: Role,
    issuer: string | null,
    subject: string | null,
  ]
>(
  'add-user',
  `insert into users (id, tenant_id, name, email, role, issuer, subject) values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (tenant_id, issuer, subject) where issuer is not null do nothing returning ${columns}`,
);

/** Writes a user as it shall be. */
export const changeUser = statement<
  UserRow,
  readonly [
    id: string,
    name: string,
    email: string | null,
    role: Role,
    issuer: string | null,
    subject: string | null,
    isDisabled: boolean,
  ]
>(
  'change-user',
  `update users set name = $2, email = $3, role = $4, issuer = $5, subject = $6,
     disabled_at = case when $7 then coalesce(disabled_at, now()) end
   where id = $1 returning ${columns}`,
);

/** Removes a user. */
export const removeUser = statement<never, readonly [id: string]>(
  'remove-user',
  'delete from users where id = $1',
);

/** Signs all browsers of a user out. */
export const endSessionsOfUser = statement<never, readonly [userId: string]>(
  'end-sessions-of-user',
  'delete from browser_sessions where user_id = $1',
);
