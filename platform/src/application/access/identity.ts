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
