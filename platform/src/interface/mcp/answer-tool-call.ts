import { BatutaError } from '@batuta/contract';
import {
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type InputRequiredResult,
  type ListToolsResult,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { toProblem } from '../http/problem.ts';
import { allTools } from './all-tools.ts';
import type { McpDelivery } from './make-mcp-server.ts';
import type { McpCall, McpCaller, PersonalAnswer, PersonalQuestion } from './mcp-caller.ts';
import type { McpTool } from './mcp-tool.ts';
import { recordAs } from './record-operation.ts';

/** Key of the one question that a tool may put to the client's person, and of its one field. */
const questionKey = 'confirmation';
const agreement = 'agree';

/** A tool call and what is needed to answer it. */
interface Exchange {
  caller: McpCaller;
  server: Server;
  delivery: McpDelivery;
  context: ServerContext;
}

/** The tools that the client may use: what its identity is not allowed, or the platform is not equipped for, it does not see. */
export async function listTools({ identity, application }: McpCaller): Promise<ListToolsResult> {
  const single = await application.tools.single(identity);
  const seen = allTools.flatMap((tool) => {
    const inputSchema = identity.scopes.has(tool.scope) ? tool.offer(single) : null;
    if (inputSchema === null) return [];
    const { name, title, description, outputSchema, annotations } = tool;
    return [{ name, title, description, inputSchema, outputSchema, annotations }];
  });
  return { tools: seen };
}

/** Calls a tool. What the use case refuses is a result that says so: the client's model reads it and can do better. */
export async function answerToolCall(
  exchange: Exchange,
  { name, arguments: input = {} }: { name: string; arguments?: Record<string, unknown> | undefined },
): Promise<CallToolResult | InputRequiredResult> {
  const tool = allTools.find((each) => each.name === name);
  if (tool === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${name.slice(0, 64)}.`);
  }
  const { caller, server } = exchange;
  const action = `tools/call ${tool.name}`;
  try {
    const outcome = await callTool(exchange, tool, input);
    if (outcome.kind === 'question') return ask(outcome.question);
    recordAs(caller, { action, target: outcome.target }, null);
    const { structure, media, failed } = outcome;
    const text = { type: 'text' as const, text: JSON.stringify(structure) };
    const content = media === null ? [text] : [text, media];
    const result = { content, structuredContent: structure, ...(failed && { isError: true }) };
    return server.projectCallToolResult(result, tool.outputSchema);
  } catch (error) {
    const { problem: found } = toProblem(error, caller.log);
    const problem = caller.application.redactProblem(caller.identity, found);
    const known = BatutaError.is(error) ? error : new BatutaError('internal', { incident: 'mcp' });
    recordAs(caller, { action, target: null }, known);
    return { isError: true, content: [{ type: 'text', text: `${problem.detail} (${problem.code})` }] };
  }
}

async function callTool({ caller, delivery, context }: Exchange, tool: McpTool, input: unknown) {
  const { scope } = tool;
  if (!caller.identity.scopes.has(scope)) throw new BatutaError('permission-missing', { scope });
  const call: McpCall = {
    ...caller,
    signal: delivery.cancelled ?? context.mcpReq.signal,
    progress: makeProgress(context),
    answer: answerOf(context, delivery),
  };
  return tool.call(input, call);
}

/** Progress only for those who asked for it, each step a little further than the one before. */
function makeProgress({ mcpReq }: ServerContext): McpCall['progress'] {
  const progressToken = mcpReq['_meta']?.progressToken;
  if (progressToken === undefined) return null;
  let progress = 0;
  return (message) => {
    progress += 1;
    const params = { progressToken, progress, message };
    // A client that has gone away needs no progress.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}

function answerOf(context: ServerContext, delivery: McpDelivery): PersonalAnswer {
  const given = inputResponse(context.mcpReq.inputResponses, questionKey);
  if (given.kind !== 'elicit') return delivery.canAsk ? 'unasked' : 'impossible';
  return given.action === 'accept' && given.content?.[agreement] === true ? 'agreed' : 'declined';
}

function ask({ message, label }: PersonalQuestion): InputRequiredResult {
  const requestedSchema = {
    type: 'object' as const,
    properties: { [agreement]: { type: 'boolean' as const, title: label, default: false } },
    required: [agreement],
  };
  return inputRequired({
    inputRequests: { [questionKey]: inputRequired.elicit({ message, requestedSchema }) },
  });
}
