import {
  agentNameSchema,
  BatutaError,
  isEnded,
  metadataSchema,
  runIdSchema,
  runPageSchema,
  runSchema,
  runStatusSchema,
  sessionIdSchema,
  type Run,
} from '@batuta/contract';
import { z } from 'zod';
import { directModel } from '../../../application/tool/single-tools.ts';
import { acts, defineMcpTool, pageFields, reads, type McpTool } from '../mcp-tool.ts';
import { nextStep } from '../next-step.ts';
import { waitForRun, waitRange, waitSeconds } from '../wait-for-run.ts';

const longestInput = 200_000;

const text = z.string().min(1).max(longestInput);

/** A run, and what to do next in words that the client's model can act on. */
const runAnswerSchema = z.strictObject({ run: runSchema, next: z.string() });

const runAgent = defineMcpTool({
  name: 'run_agent',
  title: 'Run an agent',
  description:
    'Gives an agent of this platform a task and waits for its answer. When that takes longer than `wait_seconds`, the run goes on and get_run tells how far it is. Cancelling the call cancels the run.',
  scope: 'runs:write',
  annotations: acts,
  input: z.strictObject({
    agent: agentNameSchema.describe('Name of the agent: see list_agents.'),
    input: text.describe('What the agent is told.'),
    session_id: sessionIdSchema.optional().describe('Continues this conversation; absent: a new one.'),
    wait_seconds: waitSeconds.describe('0: start it and do not wait.'),
    metadata: metadataSchema.optional(),
    idempotency_key: z
      .string()
      .regex(/^[\w.:-]{1,128}$/, 'must be up to 128 letters, digits and . : _ -')
      .optional()
      .describe('The same key with the same task gives the same run: safe to repeat after a lost answer.'),
  }),
  output: runAnswerSchema,
  target: (_, { run }) => run.id,
  async run({ wait_seconds: seconds, idempotency_key: key, ...task }, call) {
    const { session_id, metadata, ...needed } = task;
    const body = { ...needed, ...(session_id && { session_id }), ...(metadata && { metadata }) };
    const accepted = await call.application.runs.accept(call.identity, body, key);
    return answerWith(await waitForRun(call, accepted.id, { seconds, cancels: true }));
  },
});

const callTool = defineMcpTool({
  name: 'call_tool',
  title: 'Call one tool',
  description:
    'Has an agent whose model is offline/direct make a single call of one of its tools, under its rules. list_agents says which agents there are and what tools they have.',
  scope: 'runs:write',
  annotations: acts,
  input: z.strictObject({
    agent: agentNameSchema.describe('An agent whose model is offline/direct.'),
    tool: z.string().min(1).max(128),
    arguments: z.record(z.string(), z.json()).default({}),
    session_id: sessionIdSchema.optional().describe('Continues this session, with its files and pages.'),
    wait_seconds: waitSeconds,
  }),
  output: runAnswerSchema,
  target: (_, { run }) => run.id,
  async run({ wait_seconds: seconds, agent, session_id, ...order }, call) {
    const { models } = call.application.agents.get(call.identity, agent);
    if (models[0] !== directModel) throw new BatutaError('mcp-agent-not-direct', { agent });
    const body = { agent, input: JSON.stringify(order), ...(session_id && { session_id }) };
    const accepted = await call.application.runs.accept(call.identity, body);
    return answerWith(await waitForRun(call, accepted.id, { seconds, cancels: true }));
  },
});

const getRun = defineMcpTool({
  name: 'get_run',
  title: 'Get a run',
  description: 'A run as it is now: its state, its answer when it has one, its cost. Can wait for its end.',
  scope: 'runs:read',
  annotations: reads,
  input: z.strictObject({
    run_id: runIdSchema,
    wait_seconds: waitRange.default(0).describe('Waits up to so many seconds for the end of the run.'),
  }),
  output: runAnswerSchema,
  target: ({ run_id }) => run_id,
  async run({ run_id: id, wait_seconds: seconds }, call) {
    const run = await call.application.runs.get(call.identity, id);
    if (seconds === 0 || isEnded(run.status)) return answerWith(run);
    return answerWith(await waitForRun(call, id, { seconds, cancels: false }));
  },
});

const listRuns = defineMcpTool({
  name: 'list_runs',
  title: 'List runs',
  description: 'Lists runs, newest first; of one session or in one state, if you like.',
  scope: 'runs:read',
  annotations: reads,
  input: z.strictObject({
    session_id: sessionIdSchema.optional(),
    status: runStatusSchema.optional(),
    ...pageFields,
  }),
  output: runPageSchema,
  run: async (filter, { application, identity }) => ({ ...(await application.runs.list(identity, filter)) }),
});

const cancelRun = defineMcpTool({
  name: 'cancel_run',
  title: 'Cancel a run',
  description: 'Cancels a run and the runs that it has started. What it has done stays done.',
  scope: 'runs:write',
  annotations: { ...acts, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ run_id: runIdSchema, reason: z.string().min(1).max(500).optional() }),
  output: runAnswerSchema,
  target: ({ run_id }) => run_id,
  run: async ({ run_id: id, reason }, { application, identity }) =>
    answerWith(await application.runs.cancel(identity, id, reason)),
});

const sendMessage = defineMcpTool({
  name: 'send_message',
  title: 'Say something to a run',
  description:
    'Says something to a run that is under way: it is taken up at its next turn, or answers the question that the run asked.',
  scope: 'runs:write',
  annotations: acts,
  input: z.strictObject({ run_id: runIdSchema, text }),
  output: runAnswerSchema,
  target: ({ run_id }) => run_id,
  run: async ({ run_id: id, text: input }, { application, identity }) =>
    answerWith(await application.runs.addMessage(identity, id, input)),
});

function answerWith(run: Run): z.infer<typeof runAnswerSchema> {
  return { run, next: nextStep(run) };
}

export const runTools: readonly McpTool[] = [runAgent, callTool, getRun, listRuns, cancelRun, sendMessage];
