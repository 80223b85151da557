import type { Application } from '../application.ts';
import { changeTenant, createTenant, listTenants, type TenantsContext } from '../tenant/tenants.ts';
import { createKey, getKey, listKeys, revokeKey, rotateKey, type KeyContext } from './keys.ts';
import { changeUser, createUser, deleteUser, getUser, listUsers, type UserContext } from './users.ts';

/** Looking after tenants, keys and users. */
export function accessUseCases(
  context: TenantsContext & KeyContext & UserContext,
): Pick<Application, 'tenants' | 'keys' | 'users'> {
  return {
    tenants: {
      list: (page) => listTenants(context, page),
      create: (identity, body) => createTenant(context, identity, body),
      change: (identity, id, body) => changeTenant(context, identity, { id, body }),
    },
    keys: {
      list: (identity, page) => listKeys(context, identity, page),
      get: (identity, id) => getKey(context, identity, id),
      create: (identity, body) => createKey(context, identity, body),
      rotate: (identity, id, overlapHours) => rotateKey(context, identity, { id, overlapHours }),
      revoke: (identity, id) => revokeKey(context, identity, id),
    },
    users: {
      list: (identity, page) => listUsers(context, identity, page),
      get: (identity, id) => getUser(context, identity, id),
      create: (identity, body) => createUser(context, identity, body),
      change: (identity, id, body) => changeUser(context, identity, { id, body }),
      delete: (identity, id) => deleteUser(context, identity, id),
    },
  };
}
