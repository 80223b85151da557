import type { ChangeUser, CreateUser, Role, User } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** Options of `batuta users create` and `batuta users change`. */
export interface UserOptions {
  name?: string;
  role?: Role;
  email?: string;
  issuer?: string;
  subject?: string;
}

/** `batuta whoami`. */
export async function whoAmI(context: CommandContext): Promise<number> {
  const { io, say, options } = context;
  const me = await withClient(context, (client) => client.whoAmI());
  const name = safeLine(me.name);
  const sentence = say('access.me', { name, role: me.role, tenant: me.tenant_id });
  const text = options.json ? JSON.stringify(me) : `${sentence}\n${me.scopes.join(' ')}`;
  await writeText(io.output, `${text}\n`);
  return exitCodes.done;
}

/** `batuta users`: newest first. */
export async function listUsers(context: CommandContext, options: { limit: string }): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) => client.listUsers({ limit }));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : userTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

/** `batuta users create <name>`. */
export async function createUser(
  context: CommandContext,
  name: string,
  options: UserOptions & { role: Role },
): Promise<number> {
  const user: CreateUser = { name, role: options.role, ...fieldsOf(options) };
  return tell(context, await withClient(context, (client) => client.createUser(user)));
}

/** `batuta users change <id>`, and enabling and disabling one. */
export async function changeUser(
  context: CommandContext,
  id: string,
  options: UserOptions & { disabled?: boolean },
): Promise<number> {
  const { name, role, disabled } = options;
  const change: ChangeUser = {
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(disabled === undefined ? {} : { disabled }),
    ...fieldsOf(options),
  };
  return tell(context, await withClient(context, (client) => client.changeUser(id, change)));
}

function fieldsOf({ email, issuer, subject }: UserOptions): Pick<CreateUser, 'email' | 'identity'> {
  return {
    ...(email === undefined ? {} : { email }),
    ...(issuer === undefined && subject === undefined
      ? {}
      : { identity: { issuer: issuer ?? '', subject: subject ?? '' } }),
  };
}

/** `batuta users delete <id>`. */
export async function deleteUser(context: CommandContext, id: string): Promise<number> {
  await withClient(context, (client) => client.deleteUser(id));
  const { io, say, options } = context;
  await writeText(io.output, `${options.json ? JSON.stringify({ id }) : say('user.deleted', { id })}\n`);
  return exitCodes.done;
}

async function tell(context: CommandContext, user: User): Promise<number> {
  const { io, options } = context;
  await writeText(io.output, options.json ? `${JSON.stringify(user)}\n` : userTable(context, [user]));
  return exitCodes.done;
}

function userTable({ io, say, style }: CommandContext, users: readonly User[]): string {
  if (users.length === 0) return `${say('empty.users')}\n`;
  const titles = [
    say('access.id'),
    say('access.name'),
    say('access.role'),
    say('user.email'),
    say('access.disabled'),
  ];
  const rows = users.map((user) => [
    user.id,
    user.name,
    user.role,
    user.email ?? '-',
    user.disabled_at === null ? '-' : formatMoment(user.disabled_at),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}
