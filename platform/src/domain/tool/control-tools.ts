import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ControlTool, ToolAnnotations } from '../../port/tool.ts';
import { parseArguments, toInputSchema } from './executable-tool.ts';

/** Control tools change nothing outside: what they do is an event of the run itself. */
const harmless: ToolAnnotations = { readOnly: true, destructive: false, idempotent: true, openWorld: false };

const longestWaitDays = 366;
const longestWaitSeconds = longestWaitDays * 86_400;

/** Arguments of `ask_user`. */
export const askUserInput = z.strictObject({
  question: z.string().trim().min(1).max(4000).describe('The question, complete in itself.'),
  options: z
    .array(z.string().min(1).max(400))
    .min(2)
    .max(12)
    .optional()
    .describe('Answers to choose from, if there are natural ones. The person may answer differently.'),
});

/** Arguments of `wait_until`: exactly one of the two. */
export const waitUntilInput = z
  .strictObject({
    until: z
      .string()
      .refine(isZonedTime, { error: 'must be an ISO 8601 time with a zone, such as 2027-03-01T09:00:00Z' })
      .optional()
      .describe(
        'When to go on: ISO 8601 with a zone, such as 2027-03-01T09:00:00Z or 2027-03-01T09:00:00+02:00.',
      ),
    seconds: z
      .number()
      .min(1)
      .max(longestWaitSeconds)
      .optional()
      .describe('Or: how many seconds to wait from now.'),
  })
  .refine(({ until, seconds }) => (until === undefined) !== (seconds === undefined), {
    error: 'needs either "until" or "seconds", not both',
  });

/** Arguments of a delegate tool. */
export const delegateInput = z.strictObject({
  task: z
    .string()
    .trim()
    .min(1)
    .max(100_000)
    .describe('What to do, with everything needed to do it: the other agent does not see this conversation.'),
});

function isZonedTime(text: string): boolean {
  return z.iso.datetime({ offset: true }).safeParse(text).success;
}

/** Asks the person and makes the run wait for the answer. */
export const askUserTool: ControlTool = {
  kind: 'ask-user',
  name: 'ask_user',
  reference: 'ask_user',
  description:
    'Asks the user one question and waits for the answer, however long it takes. Use it when you cannot go on without something that only the user knows or decides.',
  inputSchema: toInputSchema(askUserInput),
  annotations: harmless,
  parse: (value) => parseArguments(askUserInput, value),
};

/** Makes the run wait for a time. */
export const waitUntilTool: ControlTool = {
  kind: 'wait-until',
  name: 'wait_until',
  reference: 'wait_until',
  description: `Pauses the work until a time, or for a number of seconds, then goes on here. At most ${longestWaitDays} days. Costs nothing while it waits.`,
  inputSchema: toInputSchema(waitUntilInput),
  annotations: harmless,
  parse: (value) => parseArguments(waitUntilInput, value),
};

const delegateSchema = toInputSchema(delegateInput);

/** The tool that gives work to another agent. Its name has no colon because models do not allow one. */
export function makeDelegateTool(agent: { name: string; description: string }): ControlTool {
  return {
    kind: 'delegate',
    agent: agent.name,
    name: delegateToolName(agent.name),
    reference: `agent:${agent.name}`,
    description: `Gives a task to the agent "${agent.name}" and returns its answer. ${agent.description}`,
    inputSchema: delegateSchema,
    annotations: harmless,
    parse: (value) => parseArguments(delegateInput, value),
  };
}

/** `agent_<name>`; a name too long for the 64 characters that models allow is cut and told apart by its hash. */
function delegateToolName(agent: string): string {
  const name = `agent_${agent}`;
  if (name.length <= 64) return name;
  return `${name.slice(0, 55)}_${createHash('sha256').update(agent).digest('hex').slice(0, 8)}`;
}
