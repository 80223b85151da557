import { estimateText } from '../context/estimate-tokens.ts';
import type { Tool } from '../../port/tool.ts';
import { makeFindToolsTool } from './find-tools.ts';
import { kindOf } from './tool-reference.ts';

/** The tools of an agent: those that every request tells of, and those that are found by searching, so that many do not fill the context. */
export interface Toolset {
  /** Every tool that a call may name, by the name that models see. */
  readonly byName: ReadonlyMap<string, Tool>;
  /** In the order of the agent's file. */
  readonly shown: readonly Tool[];
  /** Become known to a model when it has found them. */
  readonly hidden: readonly Tool[];
}

/** What one reference of an agent names. */
export interface ReferencedTools {
  reference: string;
  tools: readonly Tool[];
}

/**
 * Sorts an agent's tools. Those of the platform and the project are always shown. Of those of tool servers and APIs, the ones that are named
 * one by one come first, then whole groups (`mcp:tickets/*`), as long as all of them together fit into `maxTokens`; the others are hidden behind the
 * tool `find_tools`. `further`: tools that another tool of the agent finds.
 */
export function makeToolset(
  referenced: readonly ReferencedTools[],
  options: { maxTokens: number; further: readonly Tool[] },
): Toolset {
  const own = distinct(referenced.flatMap(({ tools }) => tools).filter((tool) => !comesFromSource(tool)));
  const shown = new Set(own);
  let left = options.maxTokens;
  for (const group of groupsOf(referenced)) {
    const tokens = group.reduce((sum, tool) => sum + (shown.has(tool) ? 0 : tokensOf(tool)), 0);
    if (tokens > left) continue;
    left -= tokens;
    for (const tool of group) shown.add(tool);
  }
  const all = distinct(referenced.flatMap(({ tools }) => tools));
  const missing = all.filter((tool) => !shown.has(tool));
  const shownNames = new Set([...shown].map(({ name }) => name));
  const hidden = distinct([...missing, ...options.further.filter(({ name }) => !shownNames.has(name))]);
  const search = missing.length > 0 ? [makeFindToolsTool(missing)] : [];
  const inOrder = [...all.filter((tool) => shown.has(tool)), ...search];
  return {
    byName: new Map([...hidden, ...inOrder].map((tool) => [tool.name, tool])),
    shown: inOrder,
    hidden,
  };
}

/** Tools that were named one by one, each for itself, before those that a pattern names together. */
function groupsOf(referenced: readonly ReferencedTools[]): (readonly Tool[])[] {
  const isPattern = ({ reference }: ReferencedTools) => reference.endsWith('*');
  const groups = [
    ...referenced.filter((each) => !isPattern(each)),
    ...referenced.filter((each) => isPattern(each)),
  ];
  return groups.map(({ tools }) => tools.filter(comesFromSource));
}

/** Whether a tool comes from a tool server or an API. */
function comesFromSource({ reference }: Tool): boolean {
  const kind = kindOf(reference);
  return kind !== '' && kind !== 'agent';
}

/** Estimated tokens of a tool in a request. */
function tokensOf({ name, description, inputSchema }: Tool): number {
  return estimateText(`${name}${description}${JSON.stringify(inputSchema)}`);
}

function distinct(tools: readonly Tool[]): Tool[] {
  return [...new Map(tools.map((tool) => [tool.name, tool])).values()];
}

const offered = new WeakMap<Toolset, WeakMap<readonly string[], readonly Tool[]>>();

/** What a model may know of: the shown tools and those of the hidden ones that it has found. The same array for the same toolset and finds. */
export function knownTools(toolset: Toolset, found: readonly string[]): readonly Tool[] {
  if (found.length === 0 || toolset.hidden.length === 0) return toolset.shown;
  const byFound = offered.get(toolset) ?? new WeakMap<readonly string[], readonly Tool[]>();
  const known = byFound.get(found);
  if (known) return known;
  const wanted = new Set(found);
  const made = [...toolset.shown, ...toolset.hidden.filter(({ reference }) => wanted.has(reference))];
  offered.set(toolset, byFound.set(found, made));
  return made;
}
