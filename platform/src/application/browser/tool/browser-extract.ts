import { jsonObjectSchema } from '@batuta/contract';
import { z } from 'zod';
import { matchFacts } from '../../../domain/browser/match-facts.ts';
import { defineTool, toolOutput, type ToolDefinition } from '../../../port/tool-definition.ts';
import type { BrowserToolParts } from '../browser-tools.ts';

const input = z.strictObject({
  schema: jsonObjectSchema.describe(
    'JSON Schema of what you want: an object, or an array of objects. Properties are named as the page names them (column, label, field), in any case and with _ for blanks; "title" may give the name on the page.',
  ),
  within: z
    .string()
    .max(20)
    .optional()
    .describe('Reference of a table, list, form or other part of the page.'),
  page: z.int().min(1).optional().describe('Number of an open page; absent: the current one.'),
});

/** The tool `browser_extract`. */
export function makeExtractTool({
  sessions,
  timeoutSeconds,
}: BrowserToolParts): ToolDefinition<typeof input> {
  return defineTool({
    name: 'browser_extract',
    description:
      'Reads data out of the open page by a schema: rows of tables, lists of terms, fields of forms, items of lists. No model is asked, nothing is guessed: what is not on the page is missing. The result is JSON.',
    input,
    annotations: { readOnly: true, openWorld: true },
    timeoutSeconds,
    execute: async ({ schema, within, page }, context) => {
      const facts = await sessions.reading(context, (window) => window.collect({ within, page }));
      const found = matchFacts(facts, schema);
      if (found.ok)
        return { data: found.data, ...(found.missing.length > 0 ? { not_found: found.missing } : {}) };
      return toolOutput({ failed: true, text: found.reason });
    },
  });
}
