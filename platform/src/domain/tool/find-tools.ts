import { z } from 'zod';
import type { ControlTool, Tool, ToolAnnotations } from '../../port/tool.ts';
import { parseArguments, toInputSchema } from './executable-tool.ts';

/** Arguments of `find_tools` and `find_api`. */
export const findToolsInput = z.strictObject({
  task: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .describe('What is to be done, in a few words, such as "refund an invoice" or "list open tickets".'),
  limit: z.int().min(1).max(20).default(8).describe('How many tools to find at most.'),
});

/** Finding changes nothing but what the model knows of. */
const harmless: ToolAnnotations = { readOnly: true, destructive: false, idempotent: true, openWorld: false };

const findTool = {
  kind: 'find-tools',
  inputSchema: toInputSchema(findToolsInput),
  annotations: harmless,
  parse: (value) => parseArguments(findToolsInput, value),
} as const satisfies Partial<ControlTool>;

/** Finds operations of all APIs that the project registers, also those that the agent does not name. */
export const findApiTool: ControlTool = {
  ...findTool,
  name: 'find_api',
  reference: 'find_api',
  scope: ['openapi:*'],
  description:
    'Searches the registered APIs for operations that serve a task. What it finds can be called as tools from then on.',
};

/** Finds the tools that did not fit into the context. Its description says where they come from, so that a model knows what to look for. */
export function makeFindToolsTool(hidden: readonly Tool[]): ControlTool {
  const counts = new Map<string, number>();
  for (const { reference } of hidden) {
    const source = reference.slice(0, reference.indexOf('/'));
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  const sources = [...counts].slice(0, 20).map(([source, count]) => `${source} (${count})`);
  return {
    ...findTool,
    name: 'find_tools',
    reference: 'find_tools',
    description: `Searches ${hidden.length} further tools for those that serve a task. What it finds can be called from then on. They come from ${sources.join(', ')}${counts.size > 20 ? ' and others' : ''}.`,
  };
}
