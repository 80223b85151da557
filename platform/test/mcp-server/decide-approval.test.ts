import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPlatform, type PlatformDoor } from '../http/open-platform.ts';
import { callOnce } from '../scenario/model-fixtures.ts';
import { countingTool } from '../scenario/tool-fixtures.ts';
import { connectClient, textOf } from './connect.ts';

describe('decide_approval', () => {
  let door: PlatformDoor;
  let approvalId: string;
  const asked: unknown[] = [];

  beforeAll(async () => {
    const pay = countingTool('pay', { execute: async () => 'paid' });
    door = await openPlatform({
      agents: [{ permissions: [] }],
      tools: [pay.tool],
      model: callOnce({ tool: 'pay' }),
    });
  });
  beforeEach(async () => {
    asked.length = 0;
    const { platform } = door;
    const run = await platform.application.runs.accept(platform.identity, {
      agent: 'assistant',
      input: 'Pay',
    });
    const signal = AbortSignal.timeout(10_000);
    await platform.application.runs.waitForEnd(platform.identity, run.id, { seconds: 10, signal });
    const page = await platform.application.approvals.list(platform.identity, { pending: true, limit: 1 });
    approvalId = page.items[0]?.id ?? '';
  });
  afterAll(() => door.close());

  /** A client whose person gives this answer to every form. */
  async function clientThat(answer: object | null): Promise<Client> {
    const client = await connectClient(
      door.server.url,
      door.key,
      '2026-07-28',
      answer === null ? {} : undefined,
    );
    if (answer === null) return client;
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params);
      return answer as { action: 'accept' };
    });
    return client;
  }

  async function decide(client: Client, decision = 'approve', more: object = {}): Promise<string> {
    const input = { approval_id: approvalId, decision, ...more };
    const answer = await client.callTool({ name: 'decide_approval', arguments: input });
    await client.close();
    return textOf(answer);
  }

  async function status(): Promise<string | undefined> {
    const { platform } = door;
    return (await platform.application.approvals.get(platform.identity, approvalId)).decision ?? 'none';
  }

  test('is carried out when the person of the client agrees, who sees what would run', async () => {
    const client = await clientThat({ action: 'accept', content: { agree: true } });
    expect(await decide(client)).toContain('"decision":"approve"');
    expect(await status()).toBe('approve');
    expect(asked).toMatchObject([{ message: expect.stringMatching(/^Decision: approve\nCall: pay \{/) }]);
  });

  test.each([
    ['declines', { action: 'decline' }],
    ['closes the form', { action: 'cancel' }],
    ['does not tick the box', { action: 'accept', content: { agree: false } }],
  ])('is not when the person %s', async (_, answer) => {
    expect(await decide(await clientThat(answer))).toContain('(mcp-decision-declined)');
    expect(await status()).toBe('none');
  });

  test('is refused to a client that cannot ask a person', async () => {
    await expect(decide(await clientThat(null))).rejects.toMatchObject({ code: -32021 });
    const old = await connectClient(door.server.url, door.key, '2025-11-25');
    expect(await decide(old)).toContain('(mcp-decision-unconfirmed)');
    expect(await status()).toBe('none');
  });

  test.each([
    ['a confirmation among its arguments', { confirmation: { agree: true } }],
    ['a grant for the session', { for_session: { pattern: {} } }],
  ])('does not take %s from a model', async (_, more) => {
    const client = await clientThat({ action: 'accept', content: { agree: true } });
    expect(await decide(client, 'approve', more)).toContain('(request-invalid)');
    expect([asked, await status()]).toEqual([[], 'none']);
  });
});
