import { z } from 'zod';
import { defineTool, toolOutput, type ToolDefinition } from '../../../port/tool-definition.ts';
import type { BrowserToolParts } from '../browser-tools.ts';

const input = z.strictObject({
  page: z.int().min(1).optional().describe('Number of an open page; absent: the current one.'),
  ref: z.string().max(20).optional().describe('Reference of an element: only it.'),
  whole: z.boolean().default(false).describe('The whole page and not only what fits into the window.'),
});

/** The tool `browser_screenshot`. */
export function makeScreenshotTool({
  sessions,
  timeoutSeconds,
}: BrowserToolParts): ToolDefinition<typeof input> {
  return defineTool({
    name: 'browser_screenshot',
    description: 'Takes a picture of an open page, as a file. Fields that hold passwords are covered.',
    input,
    annotations: { readOnly: true, openWorld: true },
    timeoutSeconds,
    execute: async (options, context) => {
      const file = await sessions.reading(context, (window) => window.screenshot(options));
      return toolOutput({ text: 'A picture of the page.', files: [file] });
    },
  });
}
