import { expect, test } from 'vitest';
import { createDirectModel } from '../../src/adapter/model-offline/direct-model.ts';
import type { ModelRequest } from '../../src/port/model.ts';
import { question, recordingSink } from './model-doubles.ts';

const input = JSON.stringify({ tool: 'tickets_create', arguments: { title: 'x' } });

/** What is made of an order, by an agent with these tools. */
async function answer(...tools: string[]) {
  const request: ModelRequest = {
    ...question,
    messages: [{ role: 'user', parts: [{ type: 'text', text: input }] }],
    tools: tools.map((name) => ({ name, description: name, inputSchema: { type: 'object' } })),
  };
  const { parts } = await createDirectModel(1_000).call(
    request,
    recordingSink(),
    new AbortController().signal,
  );
  return parts[0];
}

test('a single call names a tool that the agent has', async () => {
  expect(await answer('tickets_create')).toMatchObject({ type: 'tool-call', tool: 'tickets_create' });
  expect(await answer('read')).toMatchObject({
    type: 'text',
    text: expect.stringContaining('It has: read.'),
  });
});

test('a single call may name a tool that does not fit into the context', async () => {
  expect(await answer('read', 'find_tools')).toMatchObject({ type: 'tool-call', tool: 'tickets_create' });
});
