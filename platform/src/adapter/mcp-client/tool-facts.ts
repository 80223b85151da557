import type { Tool } from '@modelcontextprotocol/client';
import type { ToolAnnotations } from '../../port/tool.ts';
import type { ToolOverride, ToolServerOptions } from './server-options.ts';

/** What is known of a tool. */
export interface ToolFacts {
  annotations: ToolAnnotations;
  undeclared: boolean;
  timeoutMs: number;
}

/**
 * What a tool does to the world: by what people have written about it, then by what its server says, unless that is not believed, then the
 * worst. A tool about which neither says whether it only reads or may destroy is undeclared.
 */
export function factsOf(tool: Pick<Tool, 'name' | 'annotations'>, server: ToolServerOptions): ToolFacts {
  const override = mostPrecise(server.overrides, tool.name);
  const said = server.untrusted ? {} : hintsOf(tool, override?.facts.readOnly);
  const own = { privateData: server.privateData, untrusted: server.untrusted };
  const known: Partial<ToolAnnotations> = { ...said, ...own, ...override?.facts };
  return {
    annotations: { ...worstOf(known.readOnly === true), ...known },
    undeclared: known.readOnly === undefined && known.destructive === undefined,
    timeoutMs: override?.timeoutMs ?? server.timeoutMs,
  };
}

function worstOf(readOnly: boolean): ToolAnnotations {
  return { readOnly, destructive: !readOnly, idempotent: readOnly, openWorld: true };
}

/** To a tool that only reads, the hints about what it changes mean nothing. */
function hintsOf(
  { annotations = {} }: Pick<Tool, 'annotations'>,
  readOnly = annotations.readOnlyHint,
): Partial<ToolAnnotations> {
  const { destructiveHint, idempotentHint, openWorldHint } = annotations;
  return {
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(destructiveHint === undefined || readOnly === true ? {} : { destructive: destructiveHint }),
    ...(idempotentHint === undefined || readOnly === true ? {} : { idempotent: idempotentHint }),
    ...(openWorldHint === undefined ? {} : { openWorld: openWorldHint }),
  };
}

/** The tool's own name before patterns, and of patterns the longest. */
function mostPrecise(overrides: readonly ToolOverride[], name: string): ToolOverride | undefined {
  const fits = ({ pattern }: ToolOverride) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
  const weight = ({ pattern }: ToolOverride) => (pattern.endsWith('*') ? pattern.length - 1 : Infinity);
  return overrides.filter(fits).toSorted((a, b) => weight(b) - weight(a))[0];
}
