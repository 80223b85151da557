import type { ListTools, ToolPage, ToolSourceView, ToolView } from '@batuta/contract';
import { standingOf, type Standing } from '../../domain/policy/standing.ts';
import { kindOf, sourceOf } from '../../domain/tool/tool-reference.ts';
import type { ToolSource } from '../../port/tool-source.ts';
import type { Tool } from '../../port/tool.ts';
import type { Identity } from '../access/identity.ts';
import { pageOf, readPageCursor } from '../page.ts';
import type { ToolListContext } from './tool-context.ts';

/** Who asks. */
export type ToolAsker = Pick<Identity, 'tenantId' | 'role'>;

/** The tools that exist, by reference, what the rules of the asker's tenant say about them, and where they come from. Errors: `cursor-invalid`. */
export async function listTools(
  context: ToolListContext,
  { tenantId, role }: ToolAsker,
  { source, cursor, limit }: ListTools,
): Promise<ToolPage> {
  const { tools, sources } = context.tools.describe();
  const start = Number(readPageCursor(cursor)?.replace(/\D/g, '') ?? 0);
  const wanted = tools
    .filter((tool) => source === undefined || sourceName(tool) === source)
    .toSorted((a, b) => (a.reference < b.reference ? -1 : 1))
    .slice(start, start + limit + 1);
  const policy = await context.policies.forAll(tenantId);
  const now = context.clock.now();
  const page = pageOf(wanted, limit, {
    render: (tool) => renderTool(tool, standingOf(policy, tool, { role, now })),
    key: () => `o${start + limit}`,
  });
  const isHome = tenantId === context.platformTenant;
  return { sources: sources.map((each) => renderSource(each, isHome)), ...page };
}

/** What is wrong may quote what a server told the platform's own tenant: others are told that something is. */
function renderSource(source: ToolSource, isHome: boolean): ToolSourceView {
  const { state, tools, problems } = source.status();
  const told = problems.map(({ code, message }) => ({ code, message: isHome ? message : elsewhere }));
  return { name: source.name, state, tools, problems: told };
}

const elsewhere = 'Something is wrong; the administrators of the platform can see what.';

/** A tool as lists show it. */
export function renderTool(tool: Tool, { effect }: Standing): ToolView {
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
    policy: effect,
  };
}

function sourceName({ reference }: Tool): string | null {
  return kindOf(reference) === '' ? null : sourceOf(reference);
}
