import type { CallOutcome } from '@batuta/contract';
import { shorten } from '../terminal/display-width.ts';
import { formatDuration } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import type { Translate } from '../text/language.ts';

/** One ended tool call on one line: name, shortened arguments, outcome, duration. */
export function toolLine(
  call: { tool: string; arguments: string },
  settled: { outcome: CallOutcome; duration_ms: number; content: string },
  say: Translate,
): string {
  const { outcome } = settled;
  const mark = outcome === 'succeeded' ? '✓' : '✗';
  const why = outcome === 'failed' ? `: ${shorten(safeLine(settled.content), 80)}` : '';
  const shown = shortArguments(call.arguments, 60);
  const name = `${safeLine(call.tool)}${shown === '' ? '' : ` ${shown}`}`;
  return `${mark} ${name} · ${say(`outcome.${outcome}`)}${why} · ${formatDuration(settled.duration_ms)}`;
}

/** A call's arguments for people: `name=value` pairs where they are an object, else as they are; cut to so many columns. */
export function shortArguments(text: string, columns: number): string {
  return shorten(safeLine(pairs(text) ?? text), columns);
}

function pairs(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.entries(value)
      .map(([name, part]) => `${name}=${typeof part === 'string' ? part : JSON.stringify(part)}`)
      .join(' ');
  } catch {
    // The model's arguments may be malformed; then they are shown as the model wrote them.
    return undefined;
  }
}
