import type { BudgetPeriod, BudgetScope, BudgetView, OnLimit } from '@batuta/contract';
import { InvalidArgumentError } from 'commander';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { numberOption } from '../program/number-option.ts';
import { writeText } from '../terminal/io.ts';
import { formatCost } from '../terminal/quantity.ts';
import { renderTable } from '../terminal/table.ts';

/** What the options of `batuta budgets set` and `change` share. */
export interface RuleOptions {
  usd?: string;
  soft?: boolean;
  hard?: boolean;
  onLimit?: OnLimit;
  alerts?: string;
  name?: string;
}

/** What a new budget is about. */
export interface BudgetSubject {
  scope: BudgetScope;
  subject: string | undefined;
  per: BudgetPeriod;
}

/** `batuta budgets`: what there is and what was spent. */
export async function listBudgets(context: CommandContext, options: { limit: string }): Promise<number> {
  const { io, say } = context;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, say);
  const page = await withClient(context, (client) => client.listBudgets({ limit }));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : budgetTable(context, page.items);
  await writeText(io.output, text);
  if (page.next_cursor !== null && !context.options.json)
    io.error.write(`${context.errorStyle.dim(say('table.more'))}\n`);
  return exitCodes.done;
}

function budgetTable({ io, say, style }: CommandContext, budgets: readonly BudgetView[]): string {
  if (budgets.length === 0) return `${say('empty.budgets')}\n`;
  const titles = [
    say('table.budget'),
    say('table.about'),
    say('table.per'),
    say('table.limit'),
    say('table.spent'),
    say('table.reserved'),
    say('table.atLimit'),
    say('table.name'),
  ];
  const rows = budgets.map((budget) => [
    budget.id,
    `${budget.scope} ${budget.subject ?? ''}`.trim(),
    budget.per,
    formatCost(budget.limit_usd),
    budget.usage ? formatCost(budget.usage.spent_usd) : say('budget.each'),
    budget.usage ? formatCost(budget.usage.reserved_usd) : '',
    budget.hard ? say(`budget.${budget.on_limit}`) : say('budget.soft'),
    budget.name,
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

/** `batuta budgets set SCOPE [SUBJECT]`. */
export async function setBudget(
  context: CommandContext,
  about: BudgetSubject,
  options: RuleOptions,
): Promise<number> {
  const { subject, ...rest } = about;
  const limit_usd = usdOf(context, options.usd ?? '');
  const body = {
    ...rest,
    ...(subject === undefined ? {} : { subject }),
    ...ruleOf(context, options),
    limit_usd,
  };
  const budget = await withClient(context, (client) => client.createBudget(body));
  return await tell(context, budget, 'budget.set');
}

/** `batuta budgets change ID`. */
export async function changeBudget(
  context: CommandContext,
  id: string,
  options: RuleOptions,
): Promise<number> {
  const usd = options.usd === undefined ? {} : { limit_usd: usdOf(context, options.usd) };
  const change = { ...ruleOf(context, options), ...usd };
  const budget = await withClient(context, (client) => client.changeBudget(id, change));
  return await tell(context, budget, 'budget.changed');
}

/** `batuta budgets delete ID`. */
export async function deleteBudget(context: CommandContext, id: string): Promise<number> {
  await withClient(context, (client) => client.deleteBudget(id));
  await writeText(
    context.io.output,
    context.options.json ? '' : `${context.say('budget.deleted', { id })}\n`,
  );
  return exitCodes.done;
}

function usdOf({ say }: CommandContext, value: string): number {
  return numberOption({ name: '--usd', value, least: 0.000_001, most: 1_000_000_000 }, say);
}

function ruleOf(context: CommandContext, { soft, hard, onLimit, alerts, name }: RuleOptions) {
  return {
    ...(soft ? { hard: false } : {}),
    ...(hard ? { hard: true } : {}),
    ...(onLimit === undefined ? {} : { on_limit: onLimit }),
    ...(alerts === undefined ? {} : { alerts: percentages(context, alerts) }),
    ...(name === undefined ? {} : { name }),
  };
}

function percentages({ say }: CommandContext, value: string): number[] {
  const numbers = value.split(',').map((each) => Number(each.trim() || Number.NaN));
  if (numbers.every((each) => Number.isInteger(each) && each >= 1 && each <= 1000)) return numbers;
  const expected = say('expected.percentages');
  throw new InvalidArgumentError(say('usage.invalidValue', { name: '--alerts', value, expected }));
}

async function tell(
  context: CommandContext,
  budget: BudgetView,
  sentence: 'budget.set' | 'budget.changed',
): Promise<number> {
  const { id, per, limit_usd: usd } = budget;
  const said = context.say(sentence, { id, per, limit: formatCost(usd) });
  await writeText(context.io.output, `${context.options.json ? JSON.stringify(budget) : said}\n`);
  return exitCodes.done;
}
