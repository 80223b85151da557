import { z } from 'zod';
import { defineTool, toolOutput, type ToolDefinition } from '../../../port/tool-definition.ts';
import type { BrowserToolParts } from '../browser-tools.ts';
import { renderReport } from './render-view.ts';
import { mentionsSecret } from './secret-text.ts';
import { readingSteps } from './step-input.ts';

const input = z.strictObject({
  steps: readingSteps,
  page: z
    .int()
    .min(1)
    .optional()
    .describe('Number of an open page; absent: the one that the references are of.'),
});

/** The tool `browser_act`. Its clicks cannot submit anything: the browser holds back every request that is no mere reading. */
export function makeActTool({ sessions, timeoutSeconds }: BrowserToolParts): ToolDefinition<typeof input> {
  return defineTool({
    name: 'browser_act',
    description:
      'Clicks, types, selects, scrolls in an open page to read more of it: follow links, open menus, search, turn pages, fill in forms. It cannot send anything: a form that posts, an order, a message is held back and named in a note; do that with browser_submit. Shows the page afterwards.',
    input,
    annotations: { readOnly: true, openWorld: true },
    timeoutSeconds,
    execute: async ({ steps, page }, context) => {
      if (steps.some(({ text = '' }) => mentionsSecret(text))) {
        return toolOutput({
          failed: true,
          text: 'Secrets are typed with browser_submit only. Nothing was done.',
        });
      }
      const report = await sessions.reading(context, (window) =>
        window.perform(steps, { page, sends: false }),
      );
      return renderReport(report, steps.length);
    },
  });
}
