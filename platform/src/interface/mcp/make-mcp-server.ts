import { Server } from '@modelcontextprotocol/server';
import type { McpCaller } from './mcp-caller.ts';
import { answerToolCall, listTools } from './answer-tool-call.ts';
import { complete } from './completions.ts';
import { getPrompt, listPrompts } from './prompts.ts';
import { guard } from './record-operation.ts';
import { listResources, listTemplates, readResource } from './resources.ts';

/** What is the same for everybody may be kept by a client for a while, but only by that client. */
const listHint = { ttlMs: 60_000, cacheScope: 'private' } as const;

const instructions = [
  'Batuta runs AI agents whose effects are accounted for.',
  'list_agents says what there is; run_agent gives an agent a task and waits for its answer.',
  'Work that takes longer goes on: get_run waits for it. When a run waits for a person, say so to yours; list_approvals says for what.',
  'Files that runs made are resources and come with read_artifact.',
].join(' ');

/** What the way to the client allows. */
export interface McpDelivery {
  /** Whether the client can be asked to put a question to its person; one that did not say that it can is refused by the protocol. */
  canAsk: boolean;
  /** Aborts when the client has cancelled the request by a message of its own; null: the request's own signal says it. */
  cancelled: AbortSignal | null;
}

/** A server for one client: for one request over HTTP. */
export function makeMcpServer(caller: McpCaller, delivery: McpDelivery): Server {
  const server = new Server(
    { name: 'batuta', title: 'Batuta', version: caller.application.health.version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions,
      cacheHints: {
        'tools/list': listHint,
        'prompts/list': listHint,
        'resources/templates/list': listHint,
        'server/discover': listHint,
      },
    },
  );
  const asked = guard(caller);
  server.setRequestHandler('tools/list', () => asked('tools/list', () => listTools(caller)));
  server.setRequestHandler('tools/call', ({ params }, context) =>
    answerToolCall({ caller, server, delivery, context }, params),
  );
  server.setRequestHandler('prompts/list', ({ params }) =>
    asked('prompts/list', () => listPrompts(caller, params?.cursor)),
  );
  server.setRequestHandler('prompts/get', ({ params }) =>
    asked('prompts/get', () => getPrompt(caller, params), params.name),
  );
  server.setRequestHandler('resources/list', ({ params }) =>
    asked('resources/list', () => listResources(caller, params?.cursor)),
  );
  server.setRequestHandler('resources/templates/list', () =>
    asked('resources/templates/list', async () => listTemplates(caller)),
  );
  server.setRequestHandler('resources/read', ({ params }) =>
    asked('resources/read', () => readResource(caller, params.uri), params.uri),
  );
  server.setRequestHandler('completion/complete', ({ params }) =>
    asked('completion/complete', () => complete(caller, params)),
  );
  return server;
}
