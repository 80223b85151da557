import { BatutaError, noUsage, type Usage, type UsageQuery, type UsageReport } from '@batuta/contract';
import { dayOf, daysBetween, firstOfMonth, lastOfMonth, shiftDay } from '../../domain/economy/days.ts';
import type { Clock } from '../../port/clock.ts';
import type { UsageRecord, UsageStore } from '../../port/usage-store.ts';
import type { Identity } from '../access/identity.ts';

/** What reports of usage are made of. */
export interface UsageContext {
  usage: UsageStore;
  clock: Pick<Clock, 'now'>;
  /** Where days and months begin: that of budgets. */
  timeZone: string;
}

/** Longest time that a report covers, and the most groups that it has. */
const mostDays = 400;
const mostGroups = 10_000;

/** Whole days before today from which the rest of the month is projected. */
const basisDays = 7;

const microsPerDollar = 1_000_000;

/** What the tenant used. Errors: `request-invalid` for days in the wrong order or too many. */
export async function usageReport(
  context: UsageContext,
  { tenantId }: Identity,
  query: UsageQuery,
): Promise<UsageReport> {
  const { timeZone } = context;
  const today = dayOf(context.clock.now(), timeZone);
  const { from = firstOfMonth(today), to = today, group_by: groupBy, agent, model, user } = query;
  checkDays(from, to);
  const filter = { from, to, timeZone, groupBy, agent, model, user };
  const records = await context.usage.usage(tenantId, filter, mostGroups);
  return {
    from,
    to,
    time_zone: timeZone,
    groups: records.map((record) => renderGroup(record, groupBy)),
    total: amountsOf(records),
    month: await projectMonth(context, tenantId, today),
  };
}

function checkDays(from: string, to: string): void {
  const days = daysBetween(from, to) + 1;
  if (days >= 1 && days <= mostDays) return;
  const reason = days < 1 ? 'must not be before from' : `must be at most ${mostDays} days after from`;
  const issues = [{ path: 'query.to', message: reason }];
  throw new BatutaError('request-invalid', { summary: `query.to: ${reason}`, issues });
}

function renderGroup(record: UsageRecord, groupBy: UsageQuery['group_by']): UsageReport['groups'][number] {
  const named = groupBy.map((group) => [group, record[group] === '' ? null : record[group]]);
  return { ...Object.fromEntries(named), ...amountsOf([record]) };
}

function amountsOf(records: readonly UsageRecord[]): UsageReport['total'] {
  return {
    calls: records.reduce((sum, { calls }) => sum + calls, 0),
    usage: records.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
    cost_usd: records.reduce((sum, { micros }) => sum + micros, 0) / microsPerDollar,
  };
}

function addUsage(one: Usage, other: Usage): Usage {
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    cached_input_tokens: one.cached_input_tokens + other.cached_input_tokens,
    cache_write_tokens: one.cache_write_tokens + other.cache_write_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    reasoning_tokens: one.reasoning_tokens + other.reasoning_tokens,
  };
}

/**
 * What the month comes to: what was spent, and for each day that is left (today's rest counts as none) the average of the whole days
 * before today, at most seven. Days before the first call of the tenant do not count.
 */
async function projectMonth(
  { usage, timeZone }: UsageContext,
  tenantId: string,
  today: string,
): Promise<UsageReport['month']> {
  const monthBegin = firstOfMonth(today);
  const basisBegin = shiftDay(today, -basisDays);
  const from = monthBegin < basisBegin ? monthBegin : basisBegin;
  const days = await usage.usage(tenantId, { from, to: today, timeZone, groupBy: ['day'] }, mostGroups);
  const spent = sumOf(days.filter(({ day }) => (day ?? '') >= monthBegin));
  const basis = days.filter(({ day }) => (day ?? '') >= basisBegin && (day ?? '') < today);
  const first = basis[0]?.day;
  const counted = first === undefined || first === null ? 0 : daysBetween(first, today);
  const perDay = counted === 0 ? 0 : sumOf(basis) / counted;
  const left = daysBetween(today, lastOfMonth(today));
  return {
    month: today.slice(0, 7),
    spent_usd: spent / microsPerDollar,
    projected_usd: Math.round(spent + perDay * left) / microsPerDollar,
    basis_days: counted,
  };
}

function sumOf(records: readonly UsageRecord[]): number {
  return records.reduce((sum, { micros }) => sum + micros, 0);
}
