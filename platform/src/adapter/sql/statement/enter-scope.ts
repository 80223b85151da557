import { applicationRole, systemRole } from '../connection-setup.ts';
import { statement } from '../statement.ts';

/** Shows the rows of one tenant until the transaction ends. */
export const enterTenant = statement<never, readonly [tenantId: string]>(
  'enter-tenant',
  `select from set_config('batuta.tenant', $1, true)`,
);

/** Takes the role for work over all tenants until the transaction ends. */
export const enterSystem = statement<never, readonly []>(
  'enter-system',
  `select from set_config('role', '${systemRole}', true) where current_user = '${applicationRole}'`,
);
