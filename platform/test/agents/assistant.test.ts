import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BatutaClient } from '@batuta/sdk';
import { startEmulator, text, toolCalls, type EmulatedRequest, type Emulator } from '@batuta/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { servePages, type PageServer } from '../project/page-server.ts';
import { StrictReader } from '../project/strict-reader.ts';
import { clientOf, TestProject } from '../project/test-project.ts';

const model = 'anthropic/claude-sonnet-5-5';
const usage = { inputTokens: 1000, cachedInputTokens: 400, outputTokens: 50 };
/** 600 tokens at 3, 400 at 0.3 and 50 at 15 dollars a million. */
const costOfCall = 0.00267;
const needle = 'The harbour master keeps 417 lanterns.';
const longPage = `<title>Harbour</title>${'<p>Nothing happens here.</p>'.repeat(1200)}<p>${needle}</p>`;

let emulator: Emulator;
let pages: PageServer;
let project: TestProject;
let client: BatutaClient;

beforeAll(async () => {
  emulator = await startEmulator();
  pages = await servePages({ '/': '<title>Tides</title><p>High water is at nine.</p>', '/long': longPage });
  project = new TestProject({
    environment: { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: emulator.addresses.anthropic },
    overrides: {
      'model.default': model,
      'prices.models': JSON.stringify({ [model]: { input: 3, output: 15, cached_input: 0.3 } }),
      'http_fetch.allow_private': pages.host,
    },
  });
  client = clientOf(await project.start());
});
beforeEach(() => emulator.reset());
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await pages[Symbol.asyncDispose]();
  await emulator.stop();
});

async function run(input: string): Promise<StrictReader> {
  const { id } = await client.runs.create({ agent: 'assistant', input });
  return new StrictReader(client, id);
}

/** What the model read of the calls of the answer before. */
function results(request: EmulatedRequest | undefined) {
  return request?.messages.findLast(({ role }) => role === 'tool')?.toolResults ?? [];
}

/** The id of the artifact that a preview names. */
function artifactOf(request: EmulatedRequest): string {
  return /art_\w+/.exec(results(request)[0]?.text ?? '')?.[0] ?? '';
}

describe('the assistant, on the wire of Anthropic', () => {
  test('is given its instructions and its tools, and its answer is the answer of the run', async () => {
    emulator.script(text('Good morning.', { usage }));
    const reader = await (await run('Hello')).done;
    expect(reader).toMatchObject({ text: 'Good morning.', faults: [] });
    const [request] = emulator.requests;
    const file = readFileSync(join(import.meta.dirname, '../../../agents/assistant.md'), 'utf8');
    expect(request).toMatchObject({ wire: 'anthropic', model: 'claude-sonnet-5-5', stream: true });
    expect(request?.system).toBe(file.split('---\n')[2]?.trim());
    expect(request?.tools.map(({ name }) => name).toSorted()).toEqual(
      ['ask_user', 'calculator', 'current_time', 'http_fetch', 'read_artifact', 'wait_until'].toSorted(),
    );
    expect(request?.messages).toMatchObject([{ role: 'user', text: 'Hello' }]);
  });

  test('uses several tools at once, is told each result, and its tokens and cost add up', async () => {
    const calls = [
      { name: 'calculator', arguments: { expression: '0.1 + 0.2' } },
      { name: 'current_time', arguments: { time_zone: 'Europe/Lisbon' } },
      { name: 'http_fetch', arguments: { url: pages.address('/') } },
    ];
    emulator.script([toolCalls(calls, { usage }), text('0.3, and high water at nine.', { usage })]);
    const { id } = await client.runs.create({ agent: 'assistant', input: 'Three things' });
    const ended = await client.runs.wait(id);
    const [sum, time, page] = results(emulator.requests[1]);
    expect(sum).toMatchObject({ text: '0.3', isError: false });
    expect(time?.text).toContain('Europe/Lisbon');
    expect(page?.text).toContain('High water is at nine.');
    expect(ended).toMatchObject({
      status: 'succeeded',
      output: { text: '0.3, and high water at nine.' },
      turns: 2,
      cost_usd: 2 * costOfCall,
      usage: { input_tokens: 2000, cached_input_tokens: 800, output_tokens: 100 },
    });
  });

  test('leaves a log in which each call has its one result', async () => {
    const call = { name: 'calculator', arguments: { expression: '6 * 7' }, id: 'toolu_sum' };
    emulator.script([toolCalls([call], { usage }), text('42', { usage })]);
    const { kinds, events } = await (await run('6 * 7?')).done;
    expect(kinds).toEqual([
      'run-started',
      'message-added',
      'model-call-settled',
      'tool-call-settled',
      'model-call-settled',
      'run-succeeded',
    ]);
    expect(events[2]?.data).toMatchObject({ model, cost_micros: 2670, finish_reason: 'tool-calls' });
    expect(events[3]?.data).toMatchObject({ call_id: 'toolu_sum', outcome: 'succeeded', content: '42' });
  });

  test('reads on in a page that is too long for the conversation', async () => {
    emulator.script((request) => {
      if (request.index === 0) {
        return toolCalls([{ name: 'http_fetch', arguments: { url: pages.address('/long') } }]);
      }
      if (request.index > 1) return text(`It says: ${needle}`);
      const wanted = { id: artifactOf(request), offset: 20_000 };
      return toolCalls([{ name: 'read_artifact', arguments: wanted }]);
    });
    const { events, text: said } = await (await run('How many lanterns?')).done;
    const [preview, piece] = [emulator.requests[1], emulator.requests[2]].map((each) => results(each)[0]);
    expect(Buffer.byteLength(preview?.text ?? '')).toBeLessThanOrEqual(16_384);
    expect(piece?.text).toContain(needle);
    expect(said).toBe(`It says: ${needle}`);
    const settled = events.find(({ kind }) => kind === 'tool-call-settled');
    expect(settled?.data).toMatchObject({ artifact: { artifact_id: expect.stringMatching(/^art_/) } });
  });

  test('may not read what is not public and was not allowed by name', async () => {
    await using secret = await servePages({ '/': '<p>The secret of the house.</p>' });
    const call = { name: 'http_fetch', arguments: { url: secret.address('/') } };
    emulator.script([toolCalls([call]), text('I cannot read it.')]);
    await (
      await run('Read it')
    ).done;
    expect(secret.requests).toEqual([]);
    expect(results(emulator.requests[1])[0]).toMatchObject({ isError: true });
  });

  test('asks the user, waits, and goes on with the answer', async () => {
    const question = { question: 'Which harbour?', options: ['North', 'South'] };
    emulator.script([toolCalls([{ name: 'ask_user', arguments: question }]), text('South it is.')]);
    const { id } = await client.runs.create({ agent: 'assistant', input: 'When is high water?' });
    const reader = new StrictReader(client, id);
    await reader.hears('run-suspended');
    expect(await client.runs.get(id)).toMatchObject({ status: 'waiting', waiting_for: 'input' });
    await client.runs.addMessage(id, 'South');
    expect(await reader.done).toMatchObject({ text: 'South it is.', faults: [] });
    expect(results(emulator.requests[1])).toMatchObject([{ text: 'South', isError: false }]);
    expect(reader.events.find(({ kind }) => kind === 'input-requested')?.data).toMatchObject(question);
  });

  test('waits for a time and goes on by itself', async () => {
    emulator.script([toolCalls([{ name: 'wait_until', arguments: { seconds: 1 } }]), text('Awake.')]);
    const reader = await (await run('Wake up in a second')).done;
    expect(reader).toMatchObject({ text: 'Awake.', faults: [] });
    expect(reader.kinds).toEqual(expect.arrayContaining(['timer-set', 'run-suspended', 'run-resumed']));
    expect(results(emulator.requests[1])[0]?.text).toContain('The time has come.');
  });

  test('keeps the conversation: a second run of the session sends the first one along', async () => {
    const call = { name: 'calculator', arguments: { expression: '2^10' } };
    emulator.script([toolCalls([call]), text('1024.'), text('Half of it is 512.')]);
    const first = await client.runs.create({ agent: 'assistant', input: '2^10?' });
    await client.runs.wait(first.id);
    const { session_id } = first;
    const second = await client.runs.create({ agent: 'assistant', input: 'And half of it?', session_id });
    expect(await client.runs.wait(second.id)).toMatchObject({ output: { text: 'Half of it is 512.' } });
    expect(emulator.requests[2]?.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'user',
    ]);
  });
});
