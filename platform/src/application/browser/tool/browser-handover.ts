import { z } from 'zod';
import { defineTool, toolOutput, type ToolDefinition } from '../../../port/tool-definition.ts';
import type { ToolAnswer, ToolContext } from '../../../port/tool.ts';
import type { BrowserToolParts } from '../browser-tools.ts';
import { renderView } from './render-view.ts';

const input = z.strictObject({
  request: z
    .string()
    .min(1)
    .max(2_000)
    .describe('What the person shall do in the open page, and when they are done: "Please sign in".'),
});

/** The tool `browser_handover`: a person does in the browser what the agent cannot or may not do. */
export function makeHandoverTool(parts: BrowserToolParts): ToolDefinition<typeof input> {
  const { sessions, timeoutSeconds } = parts;
  return defineTool({
    name: 'browser_handover',
    description:
      'Asks a person to act in the open page, and waits until they have given the browser back: to sign in, for a second factor, a captcha, a payment. Never ask for passwords or codes yourself. What they type is not shown to you. Shows the page afterwards.',
    input,
    annotations: { readOnly: true, openWorld: true },
    timeoutSeconds,
    execute: async ({ request }, context) => {
      // Without a page there is nothing to be handed over.
      await sessions.reading(context, (window) => window.view({}));
      const answer = await askUntilGivenBack(parts, context, request);
      if (answer.action === 'decline')
        return toolOutput({ failed: true, text: 'The person declined. Nothing was done.' });
      const view = await sessions.reading(context, (window) => window.view({}));
      return `${whatHappened(answer)}\n${renderView(view)}`;
    },
  });
}

type Handed = ToolAnswer | { action: 'given-back' };

/** Ends with the answer, or, without one, as soon as a person has given the browser back. */
async function askUntilGivenBack(
  { sessions, liveAddress }: BrowserToolParts,
  context: ToolContext,
  request: string,
): Promise<Handed> {
  const { tenantId, sessionId } = context;
  const givenBack = new AbortController();
  const stop = sessions.whenGivenBack((place) => {
    if (place.tenantId === tenantId && place.sessionId === sessionId) givenBack.abort();
  });
  // A person may need longer to come than a window stays that nobody uses.
  const leave = sessions.keepOpen(context);
  try {
    const how = `Take over the browser, and give it back when you are done: ${liveAddress(sessionId)}`;
    const answer = await context.ask({ question: `${request}\n\n${how}`, until: givenBack.signal });
    return givenBack.signal.aborted ? { action: 'given-back' } : answer;
  } finally {
    leave();
    stop();
  }
}

function whatHappened(answer: Handed): string {
  if (answer.action === 'given-back') return 'A person has acted in the browser and given it back.';
  if (answer.action !== 'accept') return 'Nobody took the browser over in time.';
  const said = answer.content['answer'];
  return typeof said === 'string' ? `The person answered: ${said}` : 'The person answered.';
}
