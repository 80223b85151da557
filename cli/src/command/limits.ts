import type { Limit, Limits } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { writeText } from '../terminal/io.ts';
import { formatDuration } from '../terminal/quantity.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** `batuta limits`: what whoever asks may use, and what is left of it. */
export async function showLimits(context: CommandContext): Promise<number> {
  const limits = await withClient(context, (client) => client.limits());
  const text = context.options.json ? `${JSON.stringify(limits)}\n` : render(context, limits);
  await writeText(context.io.output, text);
  return exitCodes.done;
}

function render({ io, say, style }: CommandContext, { plan, limits }: Limits): string {
  const heading = `${say('limits.plan', { plan: safeLine(plan) })}\n`;
  if (limits.length === 0) return `${heading}${say('limits.none')}\n`;
  const titles = [
    say('limits.of'),
    say('limits.what'),
    say('limits.limit'),
    say('limits.left'),
    say('limits.full'),
  ];
  const rows = limits.map((limit) => [
    ownerOf(say, limit),
    say(`limits.${limit.resource}`),
    say(`limits.${limit.per}`, { limit: String(limit.limit) }),
    String(limit.left),
    limit.full_in_seconds === 0 ? '' : formatDuration(limit.full_in_seconds * 1000),
  ]);
  return heading + renderTable({ titles, rows }, { columns: io.output.columns, style });
}

function ownerOf(say: CommandContext['say'], { subject, tool }: Limit): string {
  return subject === 'tool' ? say('limits.tool', { tool: safeLine(tool ?? '') }) : say(`limits.${subject}`);
}
