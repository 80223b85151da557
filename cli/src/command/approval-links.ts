import type { ApprovalLinkInfo } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** What `batuta approvals link` is given. */
export interface LinkOptions {
  recipient: string;
  hours: string;
}

/** `batuta approvals link ID`. */
export async function linkApproval(
  context: CommandContext,
  id: string,
  options: LinkOptions,
): Promise<number> {
  const { say } = context;
  const hours = numberOption({ name: '--hours', value: options.hours, least: 1, most: 168 }, say);
  const link = await withClient(context, (client) =>
    client.createApprovalLink(id, { recipient: options.recipient, expires_in_hours: hours }),
  );
  const recipient = safeLine(link.recipient);
  const time = formatMoment(link.expires_at);
  const sentence = say('approval.link', { id: link.id, recipient, time });
  if (!context.options.json) context.io.error.write(`${sentence}\n`);
  await writeText(context.io.output, `${context.options.json ? JSON.stringify(link) : link.url}\n`);
  return exitCodes.done;
}

/** `batuta approvals links ID`. */
export async function listLinks(context: CommandContext, id: string): Promise<number> {
  const list = await withClient(context, (client) => client.listApprovalLinks(id));
  const text = context.options.json ? `${JSON.stringify(list)}\n` : linkTable(context, list.items);
  await writeText(context.io.output, text);
  return exitCodes.done;
}

/** `batuta approvals revoke ID LINK`. */
export async function revokeLink(context: CommandContext, id: string, linkId: string): Promise<number> {
  await withClient(context, (client) => client.revokeApprovalLink(id, linkId));
  const told = context.options.json
    ? JSON.stringify({ id: linkId, revoked: true })
    : context.say('approval.linkRevoked', { id: safeLine(linkId) });
  await writeText(context.io.output, `${told}\n`);
  return exitCodes.done;
}

function linkTable({ io, say, style }: CommandContext, links: readonly ApprovalLinkInfo[]): string {
  if (links.length === 0) return `${say('empty.links')}\n`;
  const titles = [
    say('table.link'),
    say('table.recipient'),
    say('table.decisions'),
    say('table.madeBy'),
    say('approval.state'),
  ];
  const rows = links.map((link) => [
    link.id,
    safeLine(link.recipient),
    link.decisions.join(', '),
    safeLine(link.created_by),
    stateOf(link, { say, now: io.now() }),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

function stateOf(
  link: ApprovalLinkInfo,
  { say, now }: Pick<CommandContext, 'say'> & { now: number },
): string {
  const { used_decision: decision, revoked_at: revokedAt, revoked_by: by, expires_at: until } = link;
  if (decision !== null) return say('approval.linkUsed', { decision });
  if (revokedAt !== null) return say('approval.linkTakenBack', { by: safeLine(by ?? '') });
  if (Date.parse(until) <= now) return say('approval.status.expired');
  return say('approval.linkOpen', { time: formatMoment(until) });
}
