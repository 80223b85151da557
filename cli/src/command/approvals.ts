import type { Approval, ApprovalDecision } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { shorten } from '../terminal/display-width.ts';
import { formatMoment } from '../terminal/quantity.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** Options of `batuta approvals list`. */
export interface ApprovalListOptions {
  all?: boolean;
  limit: string;
}

/** Options of `batuta approvals decide`. */
export interface DecideOptions {
  reason?: string;
}

/** `batuta approvals`: what waits for a person. */
export async function listApprovals(context: CommandContext, options: ApprovalListOptions): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) => client.listApprovals({ pending: !options.all, limit }));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : approvalTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

function approvalTable({ io, say, style }: CommandContext, approvals: readonly Approval[]): string {
  if (approvals.length === 0) return `${say('table.nothing')}\n`;
  const titles = [
    say('table.approval'),
    say('table.tool'),
    say('table.decisions'),
    say('table.created'),
    say('table.arguments'),
  ];
  const rows = approvals.map((approval) => [
    approval.id,
    approval.tool,
    approval.decision === null
      ? approval.decisions.join(', ')
      : `${say('table.decided')}: ${approval.decision} (${approval.decided_by ?? ''})`,
    formatMoment(approval.created_at),
    shorten(safeLine(approval.arguments), 200),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

/** `batuta approvals decide ID DECISION`. */
export async function decideApproval(
  context: CommandContext,
  answer: { id: string; decision: ApprovalDecision },
  options: DecideOptions,
): Promise<number> {
  const { id, decision } = answer;
  const reason = options.reason === undefined ? {} : { reason: options.reason };
  const approval = await withClient(context, (client) => client.decideApproval(id, { decision, ...reason }));
  const sentence = context.say('approval.decided', { id: approval.id, decision });
  await writeText(context.io.output, `${context.options.json ? JSON.stringify(approval) : sentence}\n`);
  return exitCodes.done;
}
