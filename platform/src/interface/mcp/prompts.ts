import { BatutaError } from '@batuta/contract';
import type { GetPromptResult, ListPromptsResult, Prompt } from '@modelcontextprotocol/server';
import type { McpCaller } from './mcp-caller.ts';

const pageSize = 50;
const longestTask = 200_000;
const prefixes = { agent: 'agent-', skill: 'skill-' };
/** What a cursor of this list begins with once all agents were listed. */
const skillsBegin = 'skills';

/** Prompts of agents and skills: for a client that wants to work as they do. Agents come first. */
export async function listPrompts(
  { application, identity }: McpCaller,
  cursor: string | undefined,
): Promise<ListPromptsResult> {
  if (!identity.scopes.has('agents:read')) return { prompts: [] };
  const prompts: Prompt[] = [];
  if (!cursor?.startsWith(skillsBegin)) {
    const agents = application.agents.list(identity, { cursor, limit: pageSize });
    prompts.push(...agents.items.map(promptOfAgent));
    if (agents.next_cursor !== null) return { prompts, nextCursor: agents.next_cursor };
  }
  const place = cursor?.startsWith(skillsBegin) ? cursor.slice(skillsBegin.length) : undefined;
  const skills = application.skills.list(identity, { cursor: place, limit: pageSize });
  prompts.push(...skills.items.map(promptOfSkill));
  if (skills.next_cursor === null) return { prompts };
  return { prompts, nextCursor: `${skillsBegin}${skills.next_cursor}` };
}

const task = [{ name: 'task', description: 'What is to be done.', required: false }];

function promptOfAgent({ name, description }: { name: string; description: string }): Prompt {
  return { name: `${prefixes.agent}${name}`, title: `Work as ${name}`, description, arguments: task };
}

function promptOfSkill({ name, description }: { name: string; description: string }): Prompt {
  return { name: `${prefixes.skill}${name}`, title: `Use the skill ${name}`, description, arguments: task };
}

/** Errors: `permission-missing`, `agent-unknown`, `skill-unknown`, `prompt-unknown`. */
export async function getPrompt(
  caller: McpCaller,
  asked: { name: string; arguments?: Record<string, string> | undefined },
): Promise<GetPromptResult> {
  if (!caller.identity.scopes.has('agents:read')) {
    throw new BatutaError('permission-missing', { scope: 'agents:read' });
  }
  const { description, told } = find(caller, asked.name);
  const wanted = asked.arguments?.['task']?.slice(0, longestTask) ?? '';
  const text = [told, wanted].filter((each) => each !== '').join('\n\n');
  return { description, messages: [{ role: 'user', content: { type: 'text', text } }] };
}

function find({ application, identity }: McpCaller, name: string): { description: string; told: string } {
  if (name.startsWith(prefixes.agent)) {
    const agent = application.agents.get(identity, name.slice(prefixes.agent.length, 128));
    return { description: agent.description, told: agent.definition.instructions };
  }
  if (name.startsWith(prefixes.skill)) {
    const skill = application.skills.get(identity, name.slice(prefixes.skill.length, 128));
    return { description: skill.description, told: skill.body };
  }
  throw new BatutaError('prompt-unknown', { prompt: name.slice(0, 128) });
}
