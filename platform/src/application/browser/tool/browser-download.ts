import { z } from 'zod';
import { defineTool, toolOutput, type ToolDefinition } from '../../../port/tool-definition.ts';
import type { BrowserToolParts } from '../browser-tools.ts';

const input = z.strictObject({
  ref: z
    .string()
    .max(20)
    .optional()
    .describe('Reference of the link or button that downloads; absent: take what was downloaded already.'),
});

/** The tool `browser_download`. */
export function makeDownloadTool({
  sessions,
  timeoutSeconds,
  maxDownloadBytes,
}: BrowserToolParts): ToolDefinition<typeof input> {
  return defineTool({
    name: 'browser_download',
    description:
      'Downloads a file by clicking on a link or button of the open page, or takes what was downloaded before. Files become artifacts.',
    input,
    annotations: { readOnly: true, openWorld: true },
    timeoutSeconds,
    execute: ({ ref }, context) =>
      sessions.reading(context, async (window) => {
        const click =
          ref === undefined ? undefined : await window.perform([{ action: 'click', ref }], { sends: false });
        if (click?.fault !== undefined) return toolOutput({ failed: true, text: `${click.fault}.` });
        const files = await window.downloads(maxDownloadBytes);
        const notes =
          click?.view.notes.filter((note) => /^(?:held back|refused|not reached)/.test(note)) ?? [];
        const none = [
          'Nothing was downloaded.',
          ...notes,
          `Files may have at most ${maxDownloadBytes} bytes.`,
        ].join(' ');
        if (files.length === 0) return toolOutput({ failed: true, text: none });
        return toolOutput({ text: `${files.length} downloaded.`, files });
      }),
  });
}
