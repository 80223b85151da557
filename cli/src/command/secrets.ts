import type { SecretInfo } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { readSecret } from '../terminal/read-secret.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** `batuta secrets`: their names, never their values. */
export async function listSecrets(context: CommandContext): Promise<number> {
  const { io, say } = context;
  const page = await withClient(context, (client) => client.listSecrets());
  const text = context.options.json ? `${JSON.stringify(page)}\n` : secretTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

/** `batuta secrets set <name>`: the value is never an argument, where other programs could see it. */
export async function setSecret(context: CommandContext, name: string): Promise<number> {
  const { io, say } = context;
  const value = await readSecret(io, say('secret.ask', { name }));
  if (value === undefined) return exitCodes.interrupted;
  if (value === '') {
    io.error.write(`${say('usage.emptySecret')}\n`);
    return exitCodes.usage;
  }
  const info = await withClient(context, (client) => client.setSecret(name, value));
  await tell(context, info, say('secret.set', { name: info.name }));
  return exitCodes.done;
}

/** `batuta secrets delete <name>`. */
export async function deleteSecret(context: CommandContext, name: string): Promise<number> {
  await withClient(context, (client) => client.deleteSecret(name));
  await tell(context, { name }, context.say('secret.deleted', { name }));
  return exitCodes.done;
}

/** `batuta secrets rotate-key`. */
export async function rotateSecretKey(context: CommandContext): Promise<number> {
  const { say } = context;
  const rotation = await withClient(context, (client) => client.rotateSecretKey());
  const done = say('secret.rotated', { count: rotation.secrets, key: rotation.key_id });
  const unused = rotation.unused_key_ids.join(', ');
  // Where the platform keeps the keys itself it has removed those that are not needed.
  const hint = unused === '' || rotation.made ? '' : `\n${say('secret.unused', { keys: unused })}`;
  await tell(context, rotation, done + hint);
  return exitCodes.done;
}

async function tell({ io, options }: CommandContext, value: unknown, sentence: string): Promise<void> {
  await writeText(io.output, `${options.json ? JSON.stringify(value) : sentence}\n`);
}

function secretTable({ io, say, style }: CommandContext, secrets: readonly SecretInfo[]): string {
  if (secrets.length === 0) return `${say('empty.secrets')}\n`;
  const titles = [say('secret.name'), say('secret.updated'), say('secret.by')];
  const rows = secrets.map((secret) => [
    secret.name,
    formatMoment(secret.updated_at),
    safeLine(secret.updated_by),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}
