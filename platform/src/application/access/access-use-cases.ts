import type { Application } from '../application.ts';
import { changeTenant, createTenant, listTenants, type TenantsContext } from '../tenant/tenants.ts';
import { createKey, getKey, listKeys, revokeKey, rotateKey, type KeyContext } from './keys.ts';
import { changeUser, createUser, deleteUser, getUser, listUsers, type UserContext } from './users.ts';

/** Who is told that keys, users or the state of a tenant were changed. */
export interface AccessChanges {
  /** Contract: returns at once, never throws. */
  accessChanged: (tenantId: string) => void;
}

/** Looking after tenants, keys and users. */
export function accessUseCases(
  context: TenantsContext & KeyContext & UserContext & AccessChanges,
): Pick<Application, 'tenants' | 'keys' | 'users'> {
  const told = async <T>(tenantId: string, change: Promise<T>): Promise<T> => {
    const changed = await change;
    context.accessChanged(tenantId);
    return changed;
  };
  return {
    tenants: {
      list: (page) => listTenants(context, page),
      create: (identity, body) => createTenant(context, identity, body),
      change: (identity, id, body) => told(id, changeTenant(context, identity, { id, body })),
    },
    keys: {
      list: (identity, page) => listKeys(context, identity, page),
      get: (identity, id) => getKey(context, identity, id),
      create: (identity, body) => createKey(context, identity, body),
      rotate: (identity, id, overlapHours) =>
        told(identity.tenantId, rotateKey(context, identity, { id, overlapHours })),
      revoke: (identity, id) => told(identity.tenantId, revokeKey(context, identity, id)),
    },
    users: {
      list: (identity, page) => listUsers(context, identity, page),
      get: (identity, id) => getUser(context, identity, id),
      create: (identity, body) => createUser(context, identity, body),
      change: (identity, id, body) => told(identity.tenantId, changeUser(context, identity, { id, body })),
      delete: (identity, id) => told(identity.tenantId, deleteUser(context, identity, id)),
    },
  };
}
