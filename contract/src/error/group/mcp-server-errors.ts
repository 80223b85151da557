import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What clients of the platform's own MCP server can meet. */
export const mcpServerErrors = {
  'mcp-batch-refused': entry(
    400,
    'Several messages at once',
    'The request holds a list of messages. Send each in a request of its own.',
    z.strictObject({}),
  ),
  'mcp-decision-unconfirmed': entry(
    403,
    'Nobody can be asked to confirm',
    'The decision about {id} needs the confirmation of a person, and this client cannot ask one. Decide it in the console, with `batuta approvals`, or with a client that supports elicitation (over HTTP: of the protocol 2026-07-28).',
    z.strictObject({ id: z.string() }),
  ),
  'mcp-decision-declined': entry(
    403,
    'Decision not confirmed',
    'The person at the client did not confirm the decision about {id}. Nothing was decided.',
    z.strictObject({ id: z.string() }),
  ),
  'mcp-agent-not-direct': entry(
    409,
    'Not an agent for single calls',
    'The agent {agent} has a model of its own. Use run_agent, or an agent with "model: offline/direct".',
    z.strictObject({ agent: z.string() }),
  ),
  'mcp-tool-not-offered': entry(
    409,
    'Tool not offered here',
    'The tool {tool} is not offered on this platform: {reason}',
    z.strictObject({ tool: z.string(), reason: z.string() }),
  ),
  'mcp-resource-too-large': entry(
    413,
    'Resource too large',
    '{uri} has {bytes} bytes; at most {limit_bytes} are read at once. Use the tool read_artifact with offset and length.',
    z.strictObject({ uri: z.string(), bytes: z.int(), limit_bytes: z.int() }),
  ),
  'prompt-unknown': entry(
    404,
    'Prompt unknown',
    'There is no prompt {prompt}. prompts/list names all that there are.',
    z.strictObject({ prompt: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
