import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { ModelToolSpec } from '../../port/model.ts';

/** Translations by tool object: an agent's tools are the same objects in every call. */
const translated = new WeakMap<ModelToolSpec, LanguageModelV4FunctionTool>();

/** The tools of a request. */
export function translateTools(tools: readonly ModelToolSpec[]): LanguageModelV4FunctionTool[] {
  return tools.map((tool) => {
    const known = translated.get(tool);
    if (known !== undefined) return known;
    const fresh: LanguageModelV4FunctionTool = {
      type: 'function',
      name: tool.name,
      description: tool.description,
      inputSchema: tool.inputSchema,
    };
    translated.set(tool, fresh);
    return fresh;
  });
}
