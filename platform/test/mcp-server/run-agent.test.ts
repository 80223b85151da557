import type { Client } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPlatform, type PlatformDoor } from '../http/open-platform.ts';
import { connectClient, eras } from './connect.ts';

const task = { agent: 'assistant', input: 'Go' };

describe.each(eras)('run_agent in the era %s', (era) => {
  let door: PlatformDoor;
  let client: Client;

  beforeEach(async () => {
    door = await openPlatform({ model: () => ({ text: 'Done.' }) });
    client = await connectClient(door.server.url, door.key, era);
  });
  afterEach(async () => {
    await client.close();
    await door.close();
  });

  async function runs() {
    const { application, identity } = door.platform;
    return (await application.runs.list(identity, { limit: 10 })).items;
  }

  /** Ends when the platform has been told to cancel a run. */
  function nextCancellation(): Promise<void> {
    const { runs: calls } = door.platform.application;
    return new Promise((resolve) => {
      const cancel = calls.cancel.bind(calls);
      calls.cancel = async (...request) => {
        const run = await cancel(...request);
        resolve();
        return run;
      };
    });
  }

  /** The run when it has ended. */
  async function endOf(id: string) {
    const { application, identity } = door.platform;
    return application.runs.waitForEnd(identity, id, { seconds: 10, signal: AbortSignal.timeout(10_000) });
  }

  test('tells how far the run is', async () => {
    const steps: { progress: number; message?: string | undefined }[] = [];
    const onprogress = (step: { progress: number; message?: string | undefined }) => void steps.push(step);
    await client.callTool({ name: 'run_agent', arguments: task }, { onprogress });
    expect(steps[0]).toMatchObject({ progress: 1, message: 'The run has started.' });
    expect(steps.map(({ progress }) => progress)).toEqual(steps.map((_, index) => index + 1));
  });

  test('does not wait when it is not to, and get_run does', async () => {
    const hold = door.platform.signals.hold('model-call-before');
    const begun = await client.callTool({ name: 'run_agent', arguments: { ...task, wait_seconds: 0 } });
    expect(begun.structuredContent).toMatchObject({ next: expect.stringContaining('The run goes on') });
    await hold.arrived;
    hold.release();
    const [run] = await runs();
    const ended = await client.callTool({
      name: 'get_run',
      arguments: { run_id: run?.id, wait_seconds: 10 },
    });
    expect(ended.structuredContent).toMatchObject({
      run: { status: 'succeeded', output: { text: 'Done.' } },
    });
  });

  test('takes its run along when the client cancels it', async () => {
    const hold = door.platform.signals.hold('model-call-before');
    const cancelled = nextCancellation();
    const calling = new AbortController();
    const call = client.callTool({ name: 'run_agent', arguments: task }, { signal: calling.signal });
    await hold.arrived;
    calling.abort();
    await expect(call).rejects.toThrow(/abort/i);
    const [run] = await runs();
    await cancelled;
    hold.release();
    expect(await endOf(run?.id ?? '')).toMatchObject({ status: 'cancelled' });
  });

  test('gives the same run for the same idempotency key', async () => {
    const once = { ...task, idempotency_key: 'order-7' };
    await client.callTool({ name: 'run_agent', arguments: once });
    await client.callTool({ name: 'run_agent', arguments: once });
    expect(await runs()).toHaveLength(1);
  });
});

/** A call of 2025-11-25 as it goes over the wire. */
function rawCall(key: string): RequestInit {
  const params = { name: 'run_agent', arguments: task };
  return {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  };
}

test('a client of 2025-11-25 that hangs up has not cancelled anything', async () => {
  const door = await openPlatform({ model: () => ({ text: 'Done.' }) });
  const hold = door.platform.signals.hold('model-call-before');
  const hangUp = new AbortController();
  const answer = await fetch(new URL('/mcp', door.server.url), {
    ...rawCall(door.key),
    signal: hangUp.signal,
  });
  await hold.arrived;
  hangUp.abort();
  await answer.text().catch(() => undefined);
  hold.release();
  const { application, identity } = door.platform;
  const [run] = (await application.runs.list(identity, { limit: 1 })).items;
  const wait = { seconds: 10, signal: AbortSignal.timeout(10_000) };
  expect(await application.runs.waitForEnd(identity, run?.id ?? '', wait)).toMatchObject({
    status: 'succeeded',
  });
  await door.close();
});
