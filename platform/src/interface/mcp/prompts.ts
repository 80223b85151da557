import { BatutaError } from '@batuta/contract';
import type { GetPromptResult, ListPromptsResult } from '@modelcontextprotocol/server';
import type { McpCaller } from './mcp-caller.ts';

const pageSize = 50;
const longestTask = 200_000;
const agentPrefix = 'agent-';

/** Prompts of agents: their instructions, for a client that wants to do their work itself. */
export async function listPrompts(
  { application, identity }: McpCaller,
  cursor: string | undefined,
): Promise<ListPromptsResult> {
  if (!identity.scopes.has('agents:read')) return { prompts: [] };
  const { items, next_cursor } = application.agents.list(identity, { cursor, limit: pageSize });
  const prompts = items.map(({ name, description }) => ({
    name: `${agentPrefix}${name}`,
    title: `Work as ${name}`,
    description,
    arguments: [{ name: 'task', description: 'What is to be done.', required: false }],
  }));
  return { prompts, ...(next_cursor !== null && { nextCursor: next_cursor }) };
}

/** Errors: `permission-missing`, `agent-unknown`, `prompt-unknown`. */
export async function getPrompt(
  { application, identity }: McpCaller,
  asked: { name: string; arguments?: Record<string, string> | undefined },
): Promise<GetPromptResult> {
  if (!identity.scopes.has('agents:read'))
    throw new BatutaError('permission-missing', { scope: 'agents:read' });
  const { name, arguments: given = {} } = asked;
  if (!name.startsWith(agentPrefix)) throw new BatutaError('prompt-unknown', { prompt: name.slice(0, 128) });
  const agent = application.agents.get(identity, name.slice(agentPrefix.length, 128));
  const task = given['task']?.slice(0, longestTask) ?? '';
  const text = [agent.definition.instructions, task].filter((each) => each !== '').join('\n\n');
  return { description: agent.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
}
