import type { ToolPage, ToolSourceView, ToolView } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { writeText } from '../terminal/io.ts';
import { numberOption } from '../program/number-option.ts';
import { shorten } from '../terminal/display-width.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** Columns of a description where no terminal says how many there are; `show` tells it whole. */
const pipedWidth = 100;

/** What the command line says. */
export interface ToolListOptions {
  source?: string;
  limit: string;
}

/** `batuta tools`: the sources, what is wrong with them, and the tools. */
export async function listTools(context: CommandContext, options: ToolListOptions): Promise<number> {
  const { source } = options;
  const limit = numberOption({ name: '--limit', value: options.limit, least: 1, most: 200 }, context.say);
  const filter = { limit, ...(source === undefined ? {} : { source }) };
  const page = await withClient(context, (client) => client.listTools(filter));
  const text = context.options.json ? `${JSON.stringify(page)}\n` : render(context, page, source);
  await writeText(context.io.output, text);
  return exitCodes.done;
}

function render(context: CommandContext, page: ToolPage, source: string | undefined): string {
  const { say } = context;
  const sources = page.sources.filter(({ name }) => source === undefined || name === source);
  const parts = [
    ...(sources.length > 0 ? [renderSources(context, sources)] : []),
    ...sources.flatMap((each) => renderProblems(context, each)),
    page.items.length > 0 ? renderTools(context, page.items) : `${say('empty.tools')}\n`,
    ...(page.next_cursor === null ? [] : [`${say('tools.more')}\n`]),
  ];
  return parts.join('\n');
}

function renderSources({ io, say, style }: CommandContext, sources: readonly ToolSourceView[]): string {
  const titles = [say('tools.source'), say('tools.state'), say('table.tools')];
  const rows = sources.map(({ name, state, tools }) => [name, say(`tools.${state}`), String(tools)]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

/** Whole, however wide the terminal is: a problem that is cut cannot be mended. */
function renderProblems({ say }: CommandContext, { name, problems }: ToolSourceView): string[] {
  if (problems.length === 0) return [];
  const lines = problems.map(({ message }) => `  - ${safeLine(message)}\n`);
  return [`${say('tools.problems', { source: safeLine(name) })}\n${lines.join('')}`];
}

function renderTools({ io, say, style }: CommandContext, tools: readonly ToolView[]): string {
  const titles = [say('table.name'), say('tools.effect'), say('tools.policy'), say('table.description')];
  const rows = tools.map((tool) => [
    tool.reference,
    say(`tools.${effectOf(tool)}`),
    say(`tools.${tool.policy}`),
    io.output.columns === undefined ? shorten(safeLine(tool.description), pipedWidth) : tool.description,
  ]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

/** What a tool does to the world, in one word. */
export function effectOf({ read_only: readOnly, destructive }: ToolView): 'reads' | 'destroys' | 'changes' {
  if (readOnly) return 'reads';
  return destructive ? 'destroys' : 'changes';
}
