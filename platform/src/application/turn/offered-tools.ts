import { judgeTool } from '../../domain/policy/judge-tool.ts';
import type { Tool } from '../../port/tool.ts';
import type { HeldRun } from './held-run.ts';

/** The tools that a model is told of: what the agent's rules deny would only waste a turn. */
export function offeredTools({ tools, definition }: HeldRun): Tool[] {
  return [...tools.values()].filter((tool) => judgeTool(definition.permissions, tool).effect !== 'deny');
}
