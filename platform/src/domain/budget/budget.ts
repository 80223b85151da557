import {
  defaultAlerts,
  type BudgetPeriod,
  type BudgetScope,
  type FileBudget,
  type OnLimit,
} from '@batuta/contract';

/** A limit on money, wherever it was set. Amounts are micro-dollars. */
export interface Budget {
  /** `bud_...`, or of a file: `agent_support_day`. */
  id: string;
  /** What people call it. */
  name: string;
  scope: BudgetScope;
  /** Id or name of what it is about; `*`: each one on its own; null for the tenant. */
  subject: string | null;
  per: BudgetPeriod;
  limitMicros: number;
  hard: boolean;
  onLimit: OnLimit;
  /** Percentages of the limit. */
  alerts: readonly number[];
}

const filePeriods = [
  ['run_usd', 'run'],
  ['session_usd', 'session'],
  ['day_usd', 'day'],
  ['month_usd', 'month'],
] as const;

/** The budgets that the file of an agent or a team sets. */
export function budgetsOfFile(
  scope: 'agent' | 'team',
  subject: string,
  file: FileBudget | undefined,
): readonly Budget[] {
  if (file === undefined) return [];
  return filePeriods.flatMap(([key, per]) => {
    const usd = file[key];
    if (usd === undefined) return [];
    const id = `${scope}_${subject}_${per}`;
    return [
      {
        id,
        name: `${key} of ${scope} ${subject}`,
        scope,
        subject,
        per,
        limitMicros: microsOf(usd),
        hard: file.soft !== true,
        onLimit: file.on_limit ?? 'wait',
        alerts: file.alerts ?? defaultAlerts,
      },
    ];
  });
}

/** US dollars as micro-dollars. */
export function microsOf(usd: number): number {
  return Math.round(usd * 1_000_000);
}

/** Micro-dollars as US dollars. */
export function usdOf(micros: number): number {
  return micros / 1_000_000;
}
