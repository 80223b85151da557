import type { Run, RunStatus } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatCost, formatMoment } from '../terminal/quantity.ts';
import { renderTable } from '../terminal/table.ts';
import { renderRun } from './run-details.ts';

/** Options of `batuta runs list`. */
export interface RunListOptions {
  status?: RunStatus;
  session?: string;
  limit: string;
}

/** `batuta runs`: newest first. */
export async function listRuns(context: CommandContext, options: RunListOptions): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) =>
    client.listRuns({
      limit,
      ...(options.status === undefined ? {} : { status: options.status }),
      ...(options.session === undefined ? {} : { session_id: options.session }),
    }),
  );
  await writeText(
    io.output,
    context.options.json ? `${JSON.stringify(page)}\n` : runTable(context, page.items),
  );
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

function runTable({ io, say, style }: CommandContext, runs: readonly Run[]): string {
  if (runs.length === 0) return `${say('empty.runs')}\n`;
  const titles = [
    say('table.id'),
    say('table.agent'),
    say('table.status'),
    say('table.turns'),
    say('table.cost'),
    say('table.created'),
  ];
  const rows = runs.map((run) => [
    run.id,
    run.agent,
    run.waiting_for === undefined
      ? say(`status.${run.status}`)
      : `${say(`status.${run.status}`)}: ${say(`waiting.${run.waiting_for}`)}`,
    String(run.turns),
    formatCost(run.cost_usd),
    formatMoment(run.created_at),
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

/** `batuta runs show ID`. */
export async function showRun(context: CommandContext, id: string): Promise<number> {
  const run = await withClient(context, (client) => client.getRun(id));
  await writeText(
    context.io.output,
    context.options.json ? `${JSON.stringify(run, null, 2)}\n` : renderRun(run, context),
  );
  return exitCodes.done;
}

/** `batuta runs cancel ID`. */
export async function cancelRun(context: CommandContext, id: string, reason?: string): Promise<number> {
  const run = await withClient(context, (client) => client.cancelRun(id, reason));
  const status = context.say(`status.${run.status}`);
  return tell(context, run, context.say('run.cancelled', { id: run.id, status }));
}

/** `batuta runs retry ID`. */
export async function retryRun(context: CommandContext, id: string): Promise<number> {
  const run = await withClient(context, (client) => client.retryRun(id));
  const status = context.say(`status.${run.status}`);
  return tell(context, run, context.say('run.retried', { id: run.id, status }));
}

async function tell(context: CommandContext, run: Run, sentence: string): Promise<number> {
  await writeText(context.io.output, `${context.options.json ? JSON.stringify(run) : sentence}\n`);
  return exitCodes.done;
}
