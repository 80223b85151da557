import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPlatform, type PlatformDoor } from '../http/open-platform.ts';
import { connectClient, eras } from './connect.ts';

describe.each(eras)('a foreign client of the era %s', (era) => {
  let door: PlatformDoor;
  let client: Client;

  beforeAll(async () => {
    door = await openPlatform({ model: () => ({ text: 'Forty-two.' }) });
    client = await connectClient(door.server.url, door.key, era);
  });
  afterAll(async () => {
    await client.close();
    await door.close();
  });

  test('speaks its own revision of the protocol', () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
  });

  test('sees tools with schemas for what goes in and what comes out', async () => {
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThanOrEqual(14);
    expect(tools.filter(({ outputSchema }) => outputSchema?.['type'] !== 'object')).toEqual([]);
    expect(tools.map(({ name }) => name)).toContain('run_agent');
  });

  test('is told of all tools in fewer than 4,000 tokens', async () => {
    const { tools } = await client.listTools();
    const told = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    expect(JSON.stringify(told).length / 4).toBeLessThan(4_000);
    expect(JSON.stringify(tools).length / 4).toBeLessThan(12_000);
  });

  test('has an agent work and gets its answer', async () => {
    const task = { agent: 'assistant', input: 'What is it?' };
    const { structuredContent, isError } = await client.callTool({ name: 'run_agent', arguments: task });
    expect(isError ?? false).toBe(false);
    expect(structuredContent).toMatchObject({ run: { status: 'succeeded', output: { text: 'Forty-two.' } } });
  });
});
