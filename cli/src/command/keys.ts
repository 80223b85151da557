import type { ApiKey, CreateKey, MadeKey, Role } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { renderTable } from '../terminal/table.ts';

/** Options of `batuta keys create`. */
export interface CreateKeyOptions {
  role: Role;
  scope?: string[];
  user?: string;
  nobody?: boolean;
  expires?: string;
}

/** `batuta keys`: those that one may see, newest first. */
export async function listKeys(context: CommandContext, options: { limit: string }): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) => client.listKeys({ limit }));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : keyTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

/** `batuta keys create <name>`: the key goes to standard output, all that is said about it to standard error. */
export async function createKey(
  context: CommandContext,
  name: string,
  options: CreateKeyOptions,
): Promise<number> {
  const { say } = context;
  const { role, scope, expires } = options;
  const days = expires === undefined ? undefined : readDays(context, expires);
  const order: CreateKey = {
    name,
    role,
    ...(scope ? { scopes: scope } : {}),
    ...holderOf(options),
    ...(days === undefined ? {} : { expires_in_days: days }),
  };
  const made = await withClient(context, (client) => client.createKey(order));
  await tellKey(context, made, say('key.made', { id: made.id }));
  return exitCodes.done;
}

function readDays({ say }: CommandContext, value: string): number {
  return numberOption({ name: '--expires', value, least: 1, most: 3650 }, say);
}

function holderOf({ user, nobody }: CreateKeyOptions): Pick<CreateKey, 'user_id'> {
  if (nobody) return { user_id: null };
  return user === undefined ? {} : { user_id: user };
}

/** `batuta keys rotate <id>`. */
export async function rotateKey(
  context: CommandContext,
  id: string,
  options: { overlap: string },
): Promise<number> {
  const { say } = context;
  const hours = numberOption({ name: '--overlap', value: options.overlap, least: 0, most: 720 }, say);
  const made = await withClient(context, (client) => client.rotateKey(id, hours));
  await tellKey(context, made, say('key.rotated', { old: id, id: made.id, hours }));
  return exitCodes.done;
}

/** `batuta keys revoke <id>`. */
export async function revokeKey(context: CommandContext, id: string): Promise<number> {
  await withClient(context, (client) => client.revokeKey(id));
  const { io, say, options } = context;
  await writeText(io.output, `${options.json ? JSON.stringify({ id }) : say('key.revoked', { id })}\n`);
  return exitCodes.done;
}

/** A key that is known only now. */
export async function tellKey(context: CommandContext, made: MadeKey, sentence: string): Promise<void> {
  const { io, options, say } = context;
  await writeText(io.output, `${options.json ? JSON.stringify(made) : made.key}\n`);
  if (!options.json) io.error.write(`${sentence} ${say('key.onlyNow')}\n`);
}

function keyTable({ io, say, style }: CommandContext, keys: readonly ApiKey[]): string {
  if (keys.length === 0) return `${say('empty.keys')}\n`;
  const titles = [
    say('access.id'),
    say('access.name'),
    say('access.role'),
    say('key.ends'),
    say('key.used'),
    say('key.hint'),
  ];
  const never = '-';
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.role,
    endOf(key) ?? never,
    key.last_used_at === null ? never : formatMoment(key.last_used_at),
    `...${key.hint}`,
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

function endOf({ revoked_at, expires_at }: ApiKey): string | undefined {
  const at = revoked_at ?? expires_at;
  return at === null ? undefined : formatMoment(at);
}
