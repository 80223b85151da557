import type { ToolPage, ToolSourceView, ToolView } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** What the command line says. */
export interface ToolListOptions {
  source?: string;
  limit: string;
}

/** `batuta tools`: the sources, what is wrong with them, and the tools. */
export async function listTools(context: CommandContext, options: ToolListOptions): Promise<number> {
  const { source } = options;
  const filter = { limit: Number(options.limit), ...(source === undefined ? {} : { source }) };
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
    page.items.length > 0 ? renderTools(context, page.items) : `${say('tools.none')}\n`,
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
  const titles = [say('table.name'), say('tools.effect'), say('table.description')];
  const rows = tools.map((tool) => [tool.reference, say(`tools.${effectOf(tool)}`), tool.description]);
  return renderTable({ titles, rows }, { columns: io.output.columns, style });
}

function effectOf({ read_only: readOnly, destructive }: ToolView): 'reads' | 'destroys' | 'changes' {
  if (readOnly) return 'reads';
  return destructive ? 'destroys' : 'changes';
}
