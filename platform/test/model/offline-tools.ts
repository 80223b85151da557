import type { JsonObject } from '@batuta/contract';
import type { ModelMessage, ModelRequest, ModelToolSpec } from '../../src/port/model.ts';

function tool(name: string, description: string, schema: JsonObject = {}): ModelToolSpec {
  return { name, description, inputSchema: { type: 'object', ...schema } };
}

const text: JsonObject = { type: 'string' };

/** Tools as the platform has them, and some of a user. */
export const offlineTools: ModelToolSpec[] = [
  tool('calculator', 'Calculates an expression exactly.', {
    properties: { expression: text },
    required: ['expression'],
  }),
  tool('current_time', 'Tells the current date, weekday and time.', { properties: { time_zone: text } }),
  tool('http_fetch', 'Reads a page of the public internet by its address.', {
    properties: { url: text },
    required: ['url'],
  }),
  tool('ask_user', 'Asks the user one question and waits for the answer.', {
    properties: { question: text },
    required: ['question'],
  }),
  tool('wait_until', 'Pauses the work.', { properties: { until: text, seconds: { type: 'number' } } }),
  tool('agent_researcher', 'Gives a task to the agent "researcher".', {
    properties: { task: text },
    required: ['task'],
  }),
  tool('create_ticket', 'Opens a ticket for the support team.', {
    properties: { title: text, priority: { type: 'string', enum: ['low', 'normal', 'high'] } },
    required: ['title'],
  }),
  tool('refund', 'Pays an order back.', {
    properties: { order: text, cents: { type: 'integer' } },
    required: ['order', 'cents'],
  }),
  tool('shutdown', 'Stops the machine.'),
  tool('delete_ticket', 'Deletes a ticket.', {
    properties: { number: { type: 'integer' } },
    required: ['number'],
  }),
];

/** A request whose last message is `question`, with all tools. */
export function offlineRequest(
  question: string,
  before: ModelMessage[] = [],
  instructions = '',
): ModelRequest {
  return {
    instructions,
    messages: [...before, { role: 'user', parts: [{ type: 'text', text: question }] }],
    tools: offlineTools,
    settings: {},
  };
}
