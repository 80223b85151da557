import { z } from 'zod';
import type { BrowserStep } from '../../../port/browser.ts';
import { defineTool, toolOutput, type ToolDefinition } from '../../../port/tool-definition.ts';
import type { ProducedFile, ToolContext } from '../../../port/tool.ts';
import type { BrowserToolParts } from '../browser-tools.ts';
import { renderReport } from './render-view.ts';
import { mentionsSecret, secretOf } from './secret-text.ts';
import { sendingSteps } from './step-input.ts';

const mostUploadBytes = 20_000_000;

const input = z.strictObject({
  url: z
    .string()
    .max(8192)
    .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), {
      error: 'must be the whole address of the open page',
    })
    .describe('Address of the open page, as it was shown: nothing is done when another site is open.'),
  steps: sendingSteps,
  page: z
    .int()
    .min(1)
    .optional()
    .describe('Number of an open page; absent: the one that the references are of.'),
  dialogs: z
    .enum(['accept', 'dismiss'])
    .default('dismiss')
    .describe('What is answered when the page asks whether to go on.'),
  dialog_text: z.string().max(1000).optional().describe('What is answered when the page asks for a text.'),
});

type Input = z.output<typeof input>;

/** The tool `browser_submit`: an effect. Everything that sends, that types a secret, or that hands a file to a page is done by it alone. */
export function makeSubmitTool(parts: BrowserToolParts): ToolDefinition<typeof input> {
  const { sessions, timeoutSeconds, secretHosts } = parts;
  return defineTool({
    name: 'browser_submit',
    description:
      'Does steps in an open page that send something: log in, submit a form, order, post, upload a file. Passwords are typed by their placeholder: text "secret://name". People may be asked first: each step names its element as the page calls it. Shows the page afterwards.',
    input,
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
    secrets: Object.keys(secretHosts),
    timeoutSeconds,
    execute: async (given, context) => {
      const steps: BrowserStep[] = [];
      for (const step of given.steps) {
        const made = await makeStep(step, { context, parts });
        if (typeof made === 'string') return toolOutput({ failed: true, text: `${made} Nothing was done.` });
        steps.push(made);
      }
      const { page, dialogs, dialog_text: dialogText } = given;
      const options = { page, dialogs, dialogText, sends: true, origin: new URL(given.url).origin };
      const report = await sessions.sending(context, (window) => window.perform(steps, options));
      return renderReport(report, steps.length);
    },
  });
}

/** A step with its secret or file in place; a text says why it cannot be done. */
async function makeStep(
  { action, ref, element, enter, text, artifact, file_name: name }: Input['steps'][number],
  { context, parts }: { context: ToolContext; parts: BrowserToolParts },
): Promise<BrowserStep | string> {
  const step = { action, ref, element, enter, text };
  if (artifact !== undefined) return await withFile(step, { context, artifact, name });
  if (text === undefined || !mentionsSecret(text)) return step;
  const secret = secretOf(text);
  if (secret === undefined || action !== 'type')
    return 'A secret is typed by itself: action "type", text "secret://name" and nothing else.';
  const secretFor = parts.secretHosts[secret];
  if (!secretFor)
    return `The secret "${secret}" may not be typed anywhere: name its hosts in batuta.yaml (browser.secret_hosts).`;
  return { ...step, text: await context.secret(secret), secretFor };
}

async function withFile(
  step: BrowserStep,
  { context, artifact, name = 'file' }: { context: ToolContext; artifact: string; name: string | undefined },
): Promise<BrowserStep | string> {
  const file = await context.readArtifact(artifact, { offset: 0, length: mostUploadBytes });
  if (!file) return `There is no file "${artifact}" that you may read.`;
  if (file.bytes > mostUploadBytes) return `The file "${artifact}" is larger than ${mostUploadBytes} bytes.`;
  const produced: ProducedFile = { name, mediaType: file.mediaType, content: file.content };
  return { ...step, files: [produced] };
}
