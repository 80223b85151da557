import type { Projection, UsageGroup, UsageReport } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatCost } from '../terminal/quantity.ts';
import { renderTable } from '../terminal/table.ts';

/** Options of `batuta usage`. */
export interface UsageOptions {
  from?: string;
  to?: string;
  by: string;
}

/** Options of `batuta costs project`. */
export interface ProjectOptions {
  requestsPerDay: string;
  agent?: string;
  model?: string;
  inputTokens?: string;
  outputTokens?: string;
}

/** `batuta usage`: what was used and what it cost. */
export async function usage(context: CommandContext, options: UsageOptions): Promise<number> {
  const { by, ...days } = options;
  // What is not a group is told by the platform, with the groups that there are.
  const groups = by.split(',').map((each) => each.trim()) as UsageGroup[];
  const report = await withClient(context, (client) => client.usage({ ...days, group_by: groups }));
  const text = context.options.json ? JSON.stringify(report) : renderUsage(context, report, groups);
  await writeText(context.io.output, `${text}\n`);
  return exitCodes.done;
}

function renderUsage(
  { io, say, style }: CommandContext,
  report: UsageReport,
  groups: readonly UsageGroup[],
): string {
  const titles = [
    ...groups.map((group) => say(`costs.${group}`)),
    say('costs.calls'),
    say('costs.input'),
    say('costs.cached'),
    say('costs.output'),
    say('costs.cost'),
  ];
  const rows = report.groups.map((each) => [...groups.map((group) => each[group] ?? '-'), ...amounts(each)]);
  const total = [say('costs.total'), ...groups.slice(1).map(() => ''), ...amounts(report.total)];
  const { month, spent_usd: spent, projected_usd: projected } = report.month;
  const line = say('costs.month', { month, spent: formatCost(spent), projected: formatCost(projected) });
  const table = renderTable({ titles, rows: [...rows, total] }, { columns: io.output.columns, style });
  return `${table}${style.dim(line)}`;
}

function amounts({ calls, usage: tokens, cost_usd: cost }: UsageReport['total']): string[] {
  const { input_tokens: input, cached_input_tokens: cached, output_tokens: output } = tokens;
  return [String(calls), String(input), String(cached), String(output), formatCost(cost)];
}

/** `batuta costs project`: what so many requests would cost. */
export async function projectCosts(context: CommandContext, options: ProjectOptions): Promise<number> {
  const { say } = context;
  const tokens = (name: string, value: string | undefined) =>
    value === undefined ? undefined : numberOption({ name, value, least: 0, most: 100_000_000 }, say);
  const projection = await withClient(context, (client) =>
    client.projectCosts({
      requests_per_day: numberOption(
        { name: '--requests-per-day', value: options.requestsPerDay, least: 0.001, most: 1_000_000_000 },
        say,
      ),
      agent: options.agent,
      model: options.model,
      input_tokens: tokens('--input-tokens', options.inputTokens),
      output_tokens: tokens('--output-tokens', options.outputTokens),
    }),
  );
  const text = context.options.json
    ? JSON.stringify(projection)
    : renderProjection(context, projection, options.model ?? '');
  await writeText(context.io.output, `${text}\n`);
  return exitCodes.done;
}

function renderProjection({ say }: CommandContext, projection: Projection, model: string): string {
  const { runs, requests_per_day: requests } = projection;
  const average = formatCost(projection.per_request_usd);
  const basis =
    projection.basis === 'runs'
      ? say('costs.fromRuns', { runs, average, p90: formatCost(projection.per_request_p90_usd ?? 0) })
      : say('costs.fromPrice', { model, average });
  const day = formatCost(projection.per_day_usd);
  const month = formatCost(projection.per_month_usd);
  return `${basis}\n${say('costs.result', { requests, day, month })}`;
}
