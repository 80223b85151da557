import { BatutaError } from '@batuta/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { begin } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';
import { testTerminal, type TestTerminal } from './kit/terminal.ts';

let api: FakeApi;
let terminal: TestTerminal;
beforeEach(async () => {
  api = new FakeApi();
  terminal = testTerminal();
  await api.listen();
});
afterEach(() => api.close());

const chat = (...words: string[]) => begin(['chat', 'assistant', ...words], { terminal, api });

describe('batuta chat on a pipe', () => {
  test('answers each line with one answer, in one session, and keeps standard output clean', async () => {
    terminal.type('one\ntwo\n');
    terminal.endInput();
    const ended = chat();
    const first = await api.run(0);
    first.delta('msg_a', 'First').answer('msg_a', 'First').succeed('First');
    const second = await api.run(1);
    second.answer('msg_b', '', { c1: ['calculator', '{"expression":"1+1"}'] });
    second.settle('c1', { tool: 'calculator', content: '2', duration_ms: 3 });
    second.delta('msg_c', 'Second').answer('msg_c', 'Second').succeed('Second');
    expect(await ended).toBe(0);
    expect(terminal.output()).toBe('First\nSecond\n');
    expect(terminal.error()).toBe('✓ calculator expression=1+1 · done · 3 ms\n');
    expect(first.body).toEqual({ agent: 'assistant', input: 'one' });
    expect(second.body).toEqual({ agent: 'assistant', input: 'two', session_id: 'ses_1' });
    expect(api.calls.every((call) => call.call === 'GET /health' || call.key === 'Bearer bat_test')).toBe(
      true,
    );
  });

  test('the next line answers a question of the agent', async () => {
    terminal.type('book a flight\nRome\n');
    terminal.endInput();
    const ended = chat();
    const run = await api.run();
    run.emit('input-requested', { call_id: 'c1', question: 'Where to?' }).waits('input');
    expect((await api.received('POST /v1/runs/run_1/messages')).body).toEqual({ input: 'Rome' });
    run.emit('run-resumed', { waited_for: 'input' }).succeed('Booked.');
    expect(await ended).toBe(0);
    expect(terminal.error()).toContain('The agent asks: Where to?');
    expect(terminal.output()).toBe('Booked.\n');
  });

  test('a question that the input does not answer ends it with 3', async () => {
    terminal.type('book a flight\n');
    terminal.endInput();
    const ended = chat();
    (await api.run()).emit('input-requested', { call_id: 'c1', question: 'Where to?' }).waits('input');
    expect(await ended).toBe(3);
    expect(terminal.error()).toContain('The input ended while the agent waited for an answer.');
  });

  test('a failed run is told on standard error, and the exit code says it', async () => {
    terminal.type('one\ntwo\n');
    terminal.endInput();
    const ended = chat();
    (await api.run(0)).fail('None of the models answered.');
    (await api.run(1)).succeed('Fine.');
    expect(await ended).toBe(1);
    expect(terminal.output()).toBe('Fine.\n');
    expect(terminal.error()).toContain('The run failed: None of the models answered.');
  });

  test('an answer that was given up is never written', async () => {
    terminal.type('one\n');
    terminal.endInput();
    const ended = chat();
    const run = await api.run();
    run
      .delta('msg_a', 'Half an ans')
      .reset('msg_a')
      .delta('msg_b', 'Whole')
      .answer('msg_b', 'Whole')
      .succeed('Whole');
    expect(await ended).toBe(0);
    expect(terminal.output()).toBe('Whole\n');
  });

  test('a broken connection is taken up where it broke', async () => {
    terminal.type('one\n');
    terminal.endInput();
    const ended = chat();
    const run = await api.run();
    await api.received('GET /v1/runs/run_1/events');
    run.delta('msg_a', 'Before ').cut();
    run.delta('msg_a', 'and after').answer('msg_a', 'Before and after').succeed('Before and after');
    expect(await ended).toBe(0);
    expect(terminal.output()).toBe('Before and after\n');
  });

  test('escapes and carriage returns of a model do not reach the terminal', async () => {
    terminal.type('one\n');
    terminal.endInput();
    const ended = chat();
    (await api.run()).succeed('\u001B]0;owned\u0007\u001B[2Jsafe\r!');
    await ended;
    expect(terminal.output()).toBe('safe!\n');
  });

  test('--json gives one object an answer', async () => {
    terminal.type('one\n');
    terminal.endInput();
    const ended = chat('--json');
    (await api.run()).succeed('Fine.');
    await ended;
    expect(JSON.parse(terminal.output())).toEqual({ session_id: 'ses_1', run_id: 'run_1', text: 'Fine.' });
  });

  test('an interrupt cancels the run and leaves with 130', async () => {
    terminal.type('one\ntwo\n');
    const ended = chat();
    const run = await api.run();
    await api.received('GET /v1/runs/run_1/events');
    terminal.interrupt();
    await api.received('POST /v1/runs/run_1/cancel');
    run.cancelled();
    expect(await ended).toBe(130);
    expect(api.runs).toHaveLength(1);
  });

  test('what the server refuses is told with how to mend it', async () => {
    api.answers['POST /v1/runs'] = new BatutaError('agent-unknown', {
      agent: 'assistant',
      hint: ' Did you mean helper?',
    });
    terminal.type('one\n');
    terminal.endInput();
    expect(await chat()).toBe(1);
    expect(terminal.error()).toBe('error: There is no agent "assistant". Did you mean helper?\n');
  });

  test('without a name it talks to the assistant, and --session goes on with a session and its open run', async () => {
    api.answers['GET /v1/sessions/ses_9'] = { id: 'ses_9', agent: 'researcher' };
    api.answers['GET /v1/runs'] = { items: [], next_cursor: null };
    terminal.type('one\n');
    terminal.endInput();
    const ended = begin(['chat', '--session', 'ses_9'], { terminal, api });
    const run = await api.run();
    run.succeed('Fine.');
    await ended;
    expect(run.body).toEqual({ agent: 'researcher', input: 'one', session_id: 'ses_9' });
  });
});
