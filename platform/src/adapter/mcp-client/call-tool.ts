import {
  isInputRequiredResult,
  specTypeSchemas,
  UrlElicitationRequiredError,
  type CallToolRequestOptions,
  type CallToolResult,
  type ElicitRequestParams,
  type Tool,
} from '@modelcontextprotocol/client';
import { BatutaError, type JsonObject } from '@batuta/contract';
import { z } from 'zod';
import type { Clock } from '../../port/clock.ts';
import type { ToolContext } from '../../port/tool.ts';
import type { Connection } from './connection.ts';
import { pollTask, taskFailure, taskSchema, type FollowedTask, type TaskState } from './poll-task.ts';
import { liftedTask } from './task-handle.ts';

/** One call of a tool, on a connection. */
export interface ToolCall {
  connection: Connection;
  server: string;
  tool: Tool;
  input: JsonObject;
  context: ToolContext;
  clock: Clock;
  timeoutMs: number;
}

/** How often one call may ask a person something. */
const mostRounds = 10;

/** The engine gives a call up when its time is over, in which it does not count the time that a person takes; the library only if that should fail. */
const longestCallMs = 86_400_000;

type InputResponses = Record<string, unknown>;

/** Calls a tool: waits for tasks, puts questions to the person, tells progress. Errors: those of the library. */
export async function callTool(call: ToolCall): Promise<CallToolResult> {
  return await call.connection.questions.during(call.context, async () => {
    try {
      return await callOnce(call);
    } catch (error) {
      if (!(error instanceof UrlElicitationRequiredError)) throw error;
      await visitPages(call, error.elicitations);
      return await callOnce(call);
    }
  });
}

async function callOnce(call: ToolCall): Promise<CallToolResult> {
  if (call.connection.needsTask(call.tool)) return await callAsTask(call);
  const { client } = call.connection;
  const params = { name: call.tool.name, arguments: call.input, _meta: metadataOf(call) };
  let result = await client.callTool(params, optionsOf(call));
  for (let round = 0; isInputRequiredResult(result); round += 1) {
    if (round === mostRounds) throw problem(call, 'it asks for input again and again');
    const inputResponses = await answerAll(call, result.inputRequests ?? {});
    const { requestState } = result;
    const answered = { ...params, inputResponses, ...(requestState === undefined ? {} : { requestState }) };
    result = await client.callTool(answered, optionsOf(call));
  }
  const { _meta: metadata } = result;
  const task = taskSchema.safeParse(metadata?.[liftedTask]);
  return task.success ? await followTask(call, task.data) : result;
}

/** The stateless era: the result comes with the state of the task. */
async function followTask(call: ToolCall, task: TaskState): Promise<CallToolResult> {
  const answer = async (state: TaskState) => {
    const { taskId } = state;
    const inputResponses = await answerAll(call, state.inputRequests ?? {});
    const request = { method: 'tasks/update', params: { taskId, inputResponses } };
    await call.connection.client.request(request, z.looseObject({}), plainOptionsOf(call));
    return true;
  };
  const ended = await pollTask(task, followedTask(call, answer));
  const result = specTypeSchemas.CallToolResult['~standard'].validate(ended.result);
  if (ended.status !== 'completed') throw taskFailure(call.server, ended);
  if (result.issues) throw problem(call, 'its task ended without a result');
  return result.value;
}

const createdSchema = z.looseObject({ task: taskSchema });

/** The older protocol: the call asks for a task, and its result is asked for when it has ended, or when it wants to ask something. */
async function callAsTask(call: ToolCall): Promise<CallToolResult> {
  const { client } = call.connection;
  const params = {
    name: call.tool.name,
    arguments: call.input,
    task: { ttl: call.timeoutMs },
    _meta: metadataOf(call),
  };
  const created = await client.request({ method: 'tools/call', params }, createdSchema, plainOptionsOf(call));
  const ended = await pollTask(
    created.task,
    followedTask(call, () => Promise.resolve(false)),
  );
  if (ended.status === 'cancelled') throw taskFailure(call.server, ended);
  const { taskId } = created.task;
  const request = { method: 'tasks/result', params: { taskId } };
  return await client.request(request, specTypeSchemas.CallToolResult, plainOptionsOf(call));
}

function followedTask(call: ToolCall, answer: FollowedTask['answer']): FollowedTask {
  const { connection, clock, server, context } = call;
  return { client: connection.client, clock, server, context, options: plainOptionsOf(call), answer };
}

async function answerAll(
  call: ToolCall,
  requests: Readonly<Record<string, unknown>>,
): Promise<InputResponses> {
  const responses: InputResponses = {};
  // One after the other: a person reads one question at a time.
  for (const [key, request] of Object.entries(requests)) responses[key] = await answerOne(call, request);
  return responses;
}

const inputRequestSchema = z.looseObject({ method: z.string(), params: z.unknown().optional() });

async function answerOne(call: ToolCall, request: unknown): Promise<unknown> {
  const { method, params } = inputRequestSchema.parse(request);
  if (method === 'roots/list') return { roots: [] };
  const asked = specTypeSchemas.ElicitRequestParams['~standard'].validate(params);
  if (method === 'elicitation/create' && !asked.issues)
    return await call.connection.questions.ask(call.context, asked.value);
  if (method === 'sampling/createMessage')
    throw problem(call, 'it asks for the use of a model, which tool servers are not given');
  throw problem(call, `it asks for "${method.slice(0, 100)}", which is not known here`);
}

/** The tool wants something done on pages of its own before it can be called. */
async function visitPages(call: ToolCall, pages: readonly ElicitRequestParams[]): Promise<void> {
  for (const page of pages.slice(0, mostRounds)) {
    const { action } = await call.connection.questions.ask(call.context, page);
    if (action !== 'accept') throw problem(call, `what it needs was not done: ${page.message}`);
  }
}

function metadataOf({ context }: ToolCall): Record<string, string> {
  // The same for each repetition of the call: servers that understand it can tell that they have done it.
  return { 'batuta/idempotency-key': context.idempotencyKey };
}

function plainOptionsOf({ context }: ToolCall): CallToolRequestOptions {
  return {
    signal: context.signal,
    timeout: longestCallMs,
    onprogress: ({ progress, total, message }) => {
      const share = total !== undefined && total > 0 ? Math.min(1, progress / total) : undefined;
      const steps = total === undefined ? String(progress) : `${progress} of ${total}`;
      context.progress({ message: message ?? steps, ...(share === undefined ? {} : { share }) });
    },
  };
}

/** The definition is handed in, so that the library needs no list of its own; what a tool says about its output is for readers. */
function optionsOf(call: ToolCall): CallToolRequestOptions {
  const { outputSchema: _, ...toolDefinition } = call.tool;
  return { ...plainOptionsOf(call), toolDefinition, allowInputRequired: true };
}

function problem({ server }: ToolCall, reason: string): BatutaError {
  return new BatutaError('tool-server-problem', { server, reason });
}
