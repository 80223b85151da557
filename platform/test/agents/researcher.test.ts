import type { BatutaClient } from '@batuta/sdk';
import {
  failure,
  startEmulator,
  text,
  toolCalls,
  type EmulatedRequest,
  type Emulator,
  type Reply,
} from '@batuta/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { servePages, type PageServer } from '../project/page-server.ts';
import { StrictReader } from '../project/strict-reader.ts';
import { clientOf, TestProject } from '../project/test-project.ts';

const model = 'openai/gpt-5.6';
const usage = { inputTokens: 200, outputTokens: 10 };
/** 200 tokens at 2 and 10 at 8 dollars a million. */
const costOfCall = 0.00048;
const task = { task: 'Add 1200 and 34, both in tonnes.' };

let emulator: Emulator;
let pages: PageServer;
let project: TestProject;
let client: BatutaClient;

beforeAll(async () => {
  emulator = await startEmulator();
  pages = await servePages({ '/north': '<p>North: 1200 tonnes.</p>', '/south': '<p>South: 34 tonnes.</p>' });
  project = new TestProject({
    environment: { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: emulator.addresses.openai },
    overrides: {
      'model.default': model,
      'model.attempts': '1',
      'prices.models': JSON.stringify({ [model]: { input: 2, output: 8 } }),
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

type Turns = readonly ((request: EmulatedRequest) => Reply)[];

/** Both agents use the same model: their turns are told apart by the instructions. */
function script(researcher: Turns, assistant: Turns): void {
  const given = { researcher: 0, assistant: 0 };
  emulator.script((request) => {
    const name = isAssistant(request) ? 'assistant' : 'researcher';
    const turn = { researcher, assistant }[name][given[name]];
    given[name] += 1;
    return turn?.(request) ?? failure(400, { message: `The ${name} has no further turn.` });
  });
}

function isAssistant({ system }: EmulatedRequest): boolean {
  return system.startsWith('You are a careful assistant.');
}

function results(request: EmulatedRequest | undefined) {
  return request?.messages.findLast(({ role }) => role === 'tool')?.toolResults ?? [];
}

function requestsOf(agent: 'researcher' | 'assistant'): EmulatedRequest[] {
  return emulator.requests.filter((request) => isAssistant(request) === (agent === 'assistant'));
}

function childOf({ events }: StrictReader): string {
  const started = events.find((event) => event.kind === 'child-run-started');
  return started?.data.child_run_id ?? '';
}

function answers(said: string): () => Reply {
  return () => text(said, { usage });
}

function calls(name: string, ...inputs: Parameters<typeof toolCalls>[0][number]['arguments'][]) {
  const wanted = inputs.map((input) => ({ name, arguments: input }));
  return () => toolCalls(wanted, { usage });
}

describe('the researcher, on the wire of OpenAI', () => {
  test('is given its instructions, and the assistant as a tool', async () => {
    script([answers('Nothing was found.')], []);
    const { id } = await client.runs.create({ agent: 'researcher', input: 'How much?' });
    expect(await client.runs.wait(id)).toMatchObject({ output: { text: 'Nothing was found.' } });
    const [request] = emulator.requests;
    expect(request).toMatchObject({ wire: 'openai-chat', model: 'gpt-5.6' });
    expect(request?.system).toMatch(/^You are a researcher\./);
    const names = ['agent_assistant', 'http_fetch', 'read_artifact'];
    expect(request?.tools.map(({ name }) => name).toSorted()).toEqual(names);
  });

  test('reads two pages at once and gives the sum to the assistant, which calculates it', async () => {
    const both = ['/north', '/south'].map((path) => ({ url: pages.address(path) }));
    script(
      [calls('http_fetch', ...both), calls('agent_assistant', task), answers('1234 tonnes.')],
      [calls('calculator', { expression: '1200 + 34' }), (request) => text(`${results(request)[0]?.text} t`)],
    );
    const { id } = await client.runs.create({ agent: 'researcher', input: 'How much in all?' });
    const ended = await client.runs.wait(id);
    expect(ended).toMatchObject({ status: 'succeeded', output: { text: '1234 tonnes.' }, turns: 3 });
    const [, pagesRead, summed] = requestsOf('researcher');
    expect(results(pagesRead).map((result) => result.text)).toEqual([
      expect.stringContaining('North: 1200 tonnes.'),
      expect.stringContaining('South: 34 tonnes.'),
    ]);
    expect(results(summed)).toMatchObject([{ text: '1234 t', isError: false }]);
    expect(requestsOf('assistant')[0]?.messages).toMatchObject([{ role: 'user', text: task.task }]);
  });

  test('pays for its own calls only; the child run has a session, a log and a cost of its own', async () => {
    script([calls('agent_assistant', task), answers('1234.')], [answers('1234')]);
    const { id } = await client.runs.create({ agent: 'researcher', input: 'How much?' });
    const reader = await new StrictReader(client, id).done;
    const childId = childOf(reader);
    const [parent, child] = await Promise.all([client.runs.get(id), client.runs.get(childId)]);
    expect(parent).toMatchObject({ cost_usd: 2 * costOfCall, usage: { input_tokens: 400 } });
    expect(child).toMatchObject({
      agent: 'assistant',
      parent_run_id: id,
      status: 'succeeded',
      cost_usd: costOfCall,
      output: { text: '1234' },
    });
    expect(child.session_id).not.toBe(parent.session_id);
    const log = await new StrictReader(client, childId).done;
    expect(log.kinds).toEqual(['run-started', 'message-added', 'model-call-settled', 'run-succeeded']);
  });

  test('is told by the stand-in that it is none, when the provider refuses the assistant', async () => {
    script([calls('agent_assistant', task), answers('I could not add them.')], []);
    const { id } = await client.runs.create({ agent: 'researcher', input: 'How much?' });
    const reader = await new StrictReader(client, id).done;
    const [result] = results(requestsOf('researcher')[1]);
    expect(result?.text).toContain('not a language model');
    const child = await new StrictReader(client, childOf(reader)).done;
    expect(child.events.find(({ kind }) => kind === 'model-call-failed')?.data).toMatchObject({
      model,
      next_model: 'offline/extractive',
      message: expect.stringContaining('The assistant has no further turn.'),
    });
  });

  test('takes its child along when it is cancelled', async () => {
    const question = { question: 'In which unit?' };
    script([calls('agent_assistant', task)], [calls('ask_user', question)]);
    const { id } = await client.runs.create({ agent: 'researcher', input: 'How much?' });
    const reader = new StrictReader(client, id);
    await reader.hears('run-suspended');
    const childId = childOf(reader);
    await new StrictReader(client, childId).hears('input-requested');
    await client.runs.cancel(id, 'Not needed any more.');
    expect((await reader.done).kinds.at(-1)).toBe('run-cancelled');
    expect(await client.runs.wait(childId)).toMatchObject({ status: 'cancelled' });
  });
});
