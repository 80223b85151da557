import type { ChangeTenantEntry, TenantEntry } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { renderTable } from '../terminal/table.ts';
import { tellKey } from './keys.ts';

/** `batuta tenants`: all of the platform, by id. */
export async function listTenants(context: CommandContext, options: { limit: string }): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) => client.listTenants({ limit }));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : tenantTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

/** `batuta tenants create <id> <name>`: the key of its first administrator goes to standard output. */
export async function createTenant(context: CommandContext, id: string, name: string): Promise<number> {
  const { io, options, say } = context;
  const made = await withClient(context, (client) => client.createTenant({ id, name }));
  if (options.json) await writeText(io.output, `${JSON.stringify(made)}\n`);
  else await tellKey(context, made.key, say('tenant.made', { id }));
  return exitCodes.done;
}

/** `batuta tenants enable`, `disable` and `plan`. */
export async function changeTenant(
  context: CommandContext,
  id: string,
  change: ChangeTenantEntry,
): Promise<number> {
  const { io, options } = context;
  const tenant = await withClient(context, (client) => client.changeTenant(id, change));
  await writeText(io.output, options.json ? `${JSON.stringify(tenant)}\n` : tenantTable(context, [tenant]));
  return exitCodes.done;
}

function tenantTable({ io, say, style }: CommandContext, tenants: readonly TenantEntry[]): string {
  const titles = [say('access.id'), say('access.name'), say('access.disabled')];
  const rows = tenants.map(({ id, name, disabled_at }) => [
    id,
    name,
    disabled_at === null ? '-' : formatMoment(disabled_at),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}
