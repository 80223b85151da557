import type { Role } from '@batuta/contract';

/** What a key allows. `admin` allows everything. */
export const scopes = [
  'runs:read',
  'runs:write',
  'sessions:read',
  'sessions:write',
  'agents:read',
  'approvals:write',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** Who asks: made once at the door from a key, passed to every use case. */
export interface Identity {
  tenantId: string;
  keyId: string;
  /** Name of the key, for `cancelled_by` and the like. */
  name: string;
  scopes: ReadonlySet<string>;
}

/** What an identity is: until keys have roles, one that may do everything is an administrator, any other an operator. */
export function roleOf({ scopes: allowed }: Identity): Role {
  return allowed.has('admin') ? 'administrator' : 'operator';
}
