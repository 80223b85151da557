import type { Run } from '@batuta/contract';
import type { CommandContext } from '../command-context.ts';
import { displayWidth, pad } from '../terminal/display-width.ts';
import { formatCost, formatMoment } from '../terminal/quantity.ts';
import { safeLine, safeText } from '../terminal/safe-text.ts';

/** One run for people: its facts, then its answer. */
export function renderRun(run: Run, { say, style }: Pick<CommandContext, 'say' | 'style'>): string {
  const until =
    run.waiting_until === undefined
      ? ''
      : `, ${say('waiting.until', { time: formatMoment(run.waiting_until) })}`;
  const waiting = run.waiting_for === undefined ? '' : `: ${say(`waiting.${run.waiting_for}`)}${until}`;
  const facts: [string, string][] = [
    [say('table.id'), run.id],
    [say('table.session'), run.session_id],
    [say('table.agent'), run.agent],
    [say('table.status'), say(`status.${run.status}`) + waiting],
    [say('table.turns'), String(run.turns)],
    [say('table.usage'), String(run.usage.input_tokens + run.usage.output_tokens)],
    [say('table.cost'), formatCost(run.cost_usd)],
    [say('table.created'), formatMoment(run.created_at)],
  ];
  if (run.error !== undefined) facts.push([say('table.error'), safeLine(run.error.message)]);
  const shown = facts.filter(([, value]) => value !== '');
  const width = Math.max(...shown.map(([label]) => displayWidth(label))) + 2;
  const lines = shown.map(([label, value]) => `${style.dim(pad(label, width))}${value}`);
  const answer = run.output === null ? [] : ['', safeText(run.output.text)];
  return `${[...lines, ...answer].join('\n')}\n`;
}
