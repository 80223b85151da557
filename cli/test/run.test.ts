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

const work = (...words: string[]) => begin(['run', 'assistant', ...words], { terminal, api });

describe('batuta run', () => {
  test('prints the answer and nothing else on standard output', async () => {
    const ended = work('say hi', '--session', 'ses_7');
    const run = await api.run();
    run.delta('msg_a', 'Hi').answer('msg_a', 'Hi').succeed('Hi');
    expect(await ended).toBe(0);
    expect(terminal.output()).toBe('Hi\n');
    expect(terminal.error()).toBe('');
    expect(run.body).toEqual({ agent: 'assistant', input: 'say hi', session_id: 'ses_7' });
  });

  test('streams on a terminal', async () => {
    terminal = testTerminal({ terminal: true, environment: { NO_COLOR: '1' } });
    const ended = work('say hi');
    const run = await api.run();
    run.delta('msg_a', 'Hi ');
    await terminal.outputHas('Hi ');
    run.delta('msg_a', 'you').answer('msg_a', 'Hi you').succeed('Hi you');
    expect(await ended).toBe(0);
    expect(terminal.output()).toContain('Hi you\n');
    expect(terminal.output()).not.toContain('Hi youHi you');
  });

  test('- reads the text from standard input', async () => {
    terminal.type('a long\ntext');
    terminal.endInput();
    const ended = work('-');
    const run = await api.run();
    run.succeed('Read.');
    await ended;
    expect(run.body.input).toBe('a long\ntext');
  });

  test('--json prints the run', async () => {
    const ended = work('say hi', '--json');
    (await api.run()).succeed('Hi');
    expect(await ended).toBe(0);
    expect(JSON.parse(terminal.output())).toMatchObject({
      id: 'run_1',
      status: 'succeeded',
      output: { text: 'Hi' },
    });
  });

  test('a failed run exits with 1 and says why', async () => {
    const ended = work('say hi');
    (await api.run()).fail('None of the models answered.');
    expect(await ended).toBe(1);
    expect(terminal.output()).toBe('');
    expect(terminal.error()).toContain('The run failed: None of the models answered.');
  });

  test('a run that asks a person exits with 3 and says how to go on', async () => {
    const ended = work('book');
    (await api.run()).waits('input');
    const run = await api.run();
    run.emit('input-requested', { call_id: 'c1', question: 'Where to?' });
    expect(await ended).toBe(3);
    expect(terminal.error()).toContain('The agent asks: Where to?');
    expect(terminal.error()).toContain('Go on with: batuta chat assistant --session ses_1');
  });

  test('--wait 0 does not wait for the end, and exits with 3', async () => {
    expect(await work('think', '--wait', '0')).toBe(3);
    expect(terminal.error()).toContain('Run run_1 is running and goes on.');
  });

  test('--no-wait prints the id and leaves', async () => {
    expect(await work('think', '--no-wait')).toBe(0);
    expect(terminal.output()).toBe('run_1\n');
    expect(api.calls.some((call) => call.call.endsWith('/events'))).toBe(false);
  });

  test('an interrupt cancels the run and exits with 130', async () => {
    const ended = work('think');
    const run = await api.run();
    await api.received('GET /v1/runs/run_1/events');
    terminal.interrupt();
    await api.received('POST /v1/runs/run_1/cancel');
    run.cancelled();
    expect(await ended).toBe(130);
  });

  test('another interrupt leaves at once', async () => {
    const ended = work('think');
    await api.run();
    await api.received('GET /v1/runs/run_1/events');
    terminal.interrupt();
    terminal.interrupt();
    expect(await ended).toBe(3);
  });
});
