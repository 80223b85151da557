import { z } from 'zod';
import { decimal, integer, structured, type Setting } from './setting.ts';

const usdPerMillion = z.number().nonnegative();

/** What models cost where the known prices do not say it, or say it wrongly. */
export const priceSettings = {
  models: structured({
    variable: 'BATUTA_PRICES',
    about: 'Prices that hold whatever is known, in US dollars per million tokens; the longest pattern wins.',
    range: 'a map from model reference, which may end in *, to input, output and cached_input',
    schema: z.record(
      z
        .string()
        .regex(
          /^(?:\*|[a-z][a-z0-9-]*\/(?:\*|[^\s/*][^\s*]*\*?))$/,
          'must be a model reference such as house/llama-4, which may end in *',
        ),
      z.strictObject({ input: usdPerMillion, output: usdPerMillion, cached_input: usdPerMillion.optional() }),
    ),
    default: {},
  }),
};

/** How limits on money are kept. */
export const budgetSettings = {
  timeZone: timeZone({
    variable: 'BATUTA_BUDGET_TIME_ZONE',
    about: 'Where days and months of budgets begin.',
    default: 'UTC',
  }),
  maxOutputTokens: integer({
    variable: 'BATUTA_BUDGET_MAX_OUTPUT_TOKENS',
    about: 'Longest answer under a hard budget of agents without max_output_tokens; sent to the model.',
    default: 8192,
    min: 256,
    max: 1_000_000,
  }),
  estimateMargin: decimal({
    variable: 'BATUTA_BUDGET_ESTIMATE_MARGIN',
    about: 'By how much the estimated input of a call is multiplied before its money is reserved.',
    default: 1.25,
    min: 1,
    max: 10,
  }),
  slices: integer({
    variable: 'BATUTA_BUDGET_SLICES',
    about: 'Rows over which a busy budget is spread while its limit is far; 0: always one.',
    default: 8,
    min: 0,
    max: 64,
  }),
};

function timeZone(options: { variable: string; about: string; default: string }): Setting<string> {
  const range = 'an IANA time zone such as America/Sao_Paulo';
  const read: Setting<string>['read'] = (value) =>
    typeof value === 'string' && isTimeZone(value)
      ? { ok: true, value }
      : { ok: false, reason: `must be ${range}, not ${JSON.stringify(value)}` };
  return { ...options, range, secret: false, read, readText: read };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
