import { BatutaError } from '@batuta/contract';
import { hasAdministrator } from './statement/api-key.ts';
import { lockTenant } from './statement/tenant.ts';
import type { Execute } from './transactor.ts';

/**
 * Makes a change that may take an administrator away, and refuses it where it would take the last one. Such changes of one tenant come
 * one after the other, so that two of them cannot each rely on whom the other removes. Errors: `last-administrator`.
 */
export async function keepAdministrator<Result>(
  execute: Execute,
  tenantId: string,
  change: () => Promise<Result>,
): Promise<Result> {
  await execute(lockTenant(tenantId));
  const [before] = await execute(hasAdministrator());
  const result = await change();
  const [after] = await execute(hasAdministrator());
  if (before?.has && !after?.has) throw new BatutaError('last-administrator', {});
  return result;
}
