import { exactText, type Approval } from '@batuta/contract';
import { renderApproval } from '../approval/render-approval.ts';
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
  run?: string;
  session?: string;
  tool?: string;
  limit: string;
}

/** `batuta approvals`: what waits for a person. */
export async function listApprovals(context: CommandContext, options: ApprovalListOptions): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const filter = {
    pending: !options.all,
    limit,
    ...(options.run === undefined ? {} : { run_id: options.run }),
    ...(options.session === undefined ? {} : { session_id: options.session }),
    ...(options.tool === undefined ? {} : { tool: options.tool }),
  };
  const page = await withClient(context, (client) => client.listApprovals(filter));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : approvalTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

function approvalTable({ io, say, style }: CommandContext, approvals: readonly Approval[]): string {
  if (approvals.length === 0) return `${say('empty.approvals')}\n`;
  const titles = [
    say('table.approval'),
    say('table.tool'),
    say('table.decisions'),
    say('table.created'),
    say('table.arguments'),
  ];
  const rows = approvals.map((approval) => [
    approval.id,
    safeLine(approval.tool),
    stateOf(approval, say),
    formatMoment(approval.created_at),
    shorten(substanceOf(approval), 200),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

function stateOf(approval: Approval, say: CommandContext['say']): string {
  const { status, decision, decided_by: by, decisions } = approval;
  if (status === 'pending') return decisions.join(', ');
  if (decision === null) return say(`approval.status.${status}`);
  return `${say('table.decided')}: ${decision} (${safeLine(by ?? '')})`;
}

function substanceOf(approval: Approval): string {
  return approval.question === null ? exactText(approval.arguments) : safeLine(approval.question);
}

/** `batuta approvals show ID`. */
export async function showApproval(context: CommandContext, id: string): Promise<number> {
  const approval = await withClient(context, (client) => client.getApproval(id));
  const text = context.options.json
    ? `${JSON.stringify(approval, null, 2)}\n`
    : renderApproval(approval, context);
  await writeText(context.io.output, text);
  return exitCodes.done;
}
