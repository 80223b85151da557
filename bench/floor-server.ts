/**
 * The yardstick: the least that an agent server in TypeScript can be. Hono and the AI SDK's `streamText` loop, one tool, no
 * persistence, no resume, no access control. `node bench/floor-server.ts <base url of the models>`
 */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { serve } from '@hono/node-server';
import { stepCountIs, streamText, tool } from 'ai';
import { Hono } from 'hono';
import { z } from 'zod';

const provider = createOpenAICompatible({
  name: 'bench',
  baseURL: process.argv[2] ?? '',
  includeUsage: true,
});
const add = tool({
  description: 'Adds two numbers.',
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  execute: async ({ a, b }) => String(a + b),
});

const app = new Hono();
app.post('/run', async (context) => {
  const { model, input } = await context.req.json<{ model: string; input: string }>();
  const result = streamText({
    model: provider(model),
    system: 'You add numbers.',
    messages: [{ role: 'user', content: input }],
    tools: { add },
    stopWhen: stepCountIs(20),
  });
  return result.toUIMessageStreamResponse();
});

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`ready http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => server.close());
