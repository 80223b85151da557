import type { SingleTool } from '../../../application/tool/single-tools.ts';
import type { ObjectSchema } from '../object-schema.ts';

/** Tools that run code, by language. */
export const toolOfLanguage = { python: 'run_python', node: 'run_node', shell: 'shell' } as const;

/** Offers a tool where a tool of the platform can be called by itself and has what it needs. */
export function offersAny(tool: string) {
  return (single: readonly SingleTool[], schema: ObjectSchema): ObjectSchema | null =>
    canCall(single, tool) ? schema : null;
}

/** Offers the languages that there are tools for. */
export function offersLanguages(single: readonly SingleTool[], schema: ObjectSchema): ObjectSchema | null {
  const known = Object.entries(toolOfLanguage).filter(([, tool]) => canCall(single, tool));
  if (known.length === 0) return null;
  const language = { type: 'string', enum: known.map(([name]) => name) };
  const properties = typeof schema['properties'] === 'object' ? schema['properties'] : {};
  return { ...schema, properties: { ...properties, language } };
}

function canCall(single: readonly SingleTool[], tool: string): boolean {
  return single.some(({ name, missing }) => name === tool && missing === null);
}
