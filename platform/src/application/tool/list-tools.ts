import type { ListTools, ToolPage, ToolSourceView, ToolView } from '@batuta/contract';
import { kindOf, sourceOf } from '../../domain/tool/tool-reference.ts';
import type { ToolSource } from '../../port/tool-source.ts';
import type { Tool, ToolCatalogue } from '../../port/tool.ts';
import { pageOf, readPageCursor } from '../page.ts';

/** The tools that exist, by reference, and where they come from. Errors: `cursor-invalid`. */
export function listTools(catalogue: ToolCatalogue, { source, cursor, limit }: ListTools): ToolPage {
  const { tools, sources } = catalogue.describe();
  const start = Number(readPageCursor(cursor)?.replace(/\D/g, '') ?? 0);
  const wanted = tools
    .filter((tool) => source === undefined || sourceName(tool) === source)
    .toSorted((a, b) => (a.reference < b.reference ? -1 : 1))
    .slice(start, start + limit + 1);
  const page = pageOf(wanted, limit, { render: renderTool, key: () => `o${start + limit}` });
  return { sources: sources.map(renderSource), ...page };
}

function renderSource(source: ToolSource): ToolSourceView {
  const { state, tools, problems } = source.status();
  const told = problems.map(({ code, message }) => ({ code, message }));
  return { name: source.name, state, tools, problems: told };
}

function renderTool(tool: Tool): ToolView {
  const { reference, name, description, annotations } = tool;
  return {
    reference,
    name,
    description,
    source: sourceName(tool),
    read_only: annotations.readOnly,
    destructive: annotations.destructive,
    idempotent: annotations.idempotent,
    open_world: annotations.openWorld,
  };
}

function sourceName({ reference }: Tool): string | null {
  return kindOf(reference) === '' ? null : sourceOf(reference);
}
