import type { Authorization } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** `batuta authorizations`: consents, never their tokens. */
export async function listAuthorizations(
  context: CommandContext,
  { limit }: { limit: string },
): Promise<number> {
  const { io, say } = context;
  const wanted = { limit: numberOption({ name: '--limit', value: limit, least: 1, most: 200 }, say) };
  const page = await withClient(context, (client) => client.listAuthorizations(wanted));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : consentTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

/** `batuta authorizations begin <service>`: the address to open. */
export async function beginAuthorization(context: CommandContext, service: string): Promise<number> {
  const begun = await withClient(context, (client) => client.beginAuthorization(service));
  const sentence =
    begun.url === null
      ? context.say('authorization.granted', { service: begun.service })
      : context.say('authorization.open', { url: safeLine(begun.url) });
  await tell(context, begun, sentence);
  return exitCodes.done;
}

/** `batuta authorizations revoke <id>`. */
export async function revokeAuthorization(context: CommandContext, id: string): Promise<number> {
  await withClient(context, (client) => client.revokeAuthorization(id));
  await tell(context, { id }, context.say('authorization.revoked', { id }));
  return exitCodes.done;
}

async function tell({ io, options }: CommandContext, value: unknown, sentence: string): Promise<void> {
  await writeText(io.output, `${options.json ? JSON.stringify(value) : sentence}\n`);
}

function consentTable({ io, say, style }: CommandContext, consents: readonly Authorization[]): string {
  if (consents.length === 0) return `${say('empty.authorizations')}\n`;
  const titles = [
    say('authorization.id'),
    say('authorization.service'),
    say('authorization.user'),
    say('authorization.scopes'),
    say('authorization.updated'),
  ];
  const rows = consents.map((consent) => [
    consent.id,
    consent.service,
    consent.user_id ?? '',
    safeLine(consent.scopes.join(' ')),
    formatMoment(consent.updated_at),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}
