import { BatutaError } from '@batuta/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { begin } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';
import type { FakeRun } from './kit/fake-run.ts';
import { shown } from './kit/shown.ts';
import { testTerminal, type TestTerminal } from './kit/terminal.ts';

const controlC = '\u0003';
const controlD = '\u0004';

let api: FakeApi;
let terminal: TestTerminal;
let ended: Promise<number>;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
  terminal = testTerminal({ terminal: true, environment: { NO_COLOR: '1' } });
  ended = begin(['chat', 'assistant'], { terminal, api });
  await terminal.outputHas('› ');
});
afterEach(() => api.close());

const screen = () => shown(terminal.output(), 80);

/** Says a line and gives the run that it starts, once the conversation follows it. */
async function say(line: string, index = 0): Promise<FakeRun> {
  terminal.type(`${line}\r`);
  const run = await api.run(index);
  await api.received(`GET /v1/runs/${run.id}/events`);
  return run;
}

async function leave(): Promise<void> {
  terminal.type(controlD);
  expect(await ended).toBe(0);
}

describe('batuta chat on a terminal', () => {
  test('shows text as it comes, a line for each tool, and what it has cost', async () => {
    const run = await say('what is 6 * 7?');
    run.delta('msg_a', 'Let me ');
    await terminal.outputHas('Let me ');
    run
      .delta('msg_a', 'see.')
      .answer('msg_a', 'Let me see.', { c1: ['calculator', '{"expression":"6 * 7"}'] });
    await terminal.outputHas('working: calculator');
    run.settle('c1', { tool: 'calculator', content: '42', duration_ms: 12 });
    run.delta('msg_b', '42.').answer('msg_b', '42.').succeed('42.');
    await terminal.outputHas('event 4');
    await leave();
    expect(screen()).toContain(
      [
        'Let me see.',
        '✓ calculator expression=6 * 7 · done · 12 ms',
        '42.',
        'tokens 240, $0.0030, turns 2, 0 ms, event 4',
      ].join('\n'),
    );
    expect(screen()).toContain('Go on later with: batuta chat assistant --session ses_1');
  });

  test('erases an answer that was given up, when it is still visible', async () => {
    const run = await say('hello');
    run.delta('msg_a', `Wrong ${'x'.repeat(100)}`);
    await terminal.outputHas('xxx');
    run.reset('msg_a').delta('msg_b', 'Right').answer('msg_b', 'Right').succeed('Right');
    await terminal.outputHas('event 2');
    await leave();
    expect(screen()).not.toContain('Wrong');
    expect(screen()).toContain('Right');
  });

  test('marks an answer that was given up when its start has left the screen', async () => {
    const run = await say('hello');
    run.delta('msg_a', 'line\n'.repeat(30)).reset('msg_a');
    await terminal.outputHas('The answer starts again:');
    run.delta('msg_b', 'Right').answer('msg_b', 'Right').succeed('Right');
    await terminal.outputHas('event 2');
    await leave();
    expect(screen()).toContain('The answer starts again:\nRight');
  });

  test('Ctrl-C cancels the run and the conversation goes on', async () => {
    const run = await say('count to a million');
    terminal.type(controlC);
    await api.received('POST /v1/runs/run_1/cancel');
    run.cancelled();
    await terminal.outputHas('Cancelled.');
    const next = await say('hello', 1);
    next.delta('msg_a', 'Hi').answer('msg_a', 'Hi').succeed('Hi');
    await terminal.outputHas('Hi');
    await leave();
    expect(next.body.session_id).toBe('ses_1');
  });

  test('a second Ctrl-C leaves at once', async () => {
    await say('count to a million');
    terminal.type(controlC);
    await terminal.outputHas('Cancelling. Ctrl-C again leaves at once.');
    terminal.type(controlC);
    expect(await ended).toBe(130);
  });

  test('Ctrl-C twice leaves when nothing runs', async () => {
    terminal.type(controlC);
    await terminal.outputHas('Ctrl-C again or Ctrl-D leaves.');
    terminal.type(controlC);
    expect(await ended).toBe(130);
  });

  test('a line typed while the agent works steers it; its text waits meanwhile', async () => {
    const run = await say('write a poem');
    run.delta('msg_a', 'Roses are ');
    await terminal.outputHas('Roses are ');
    terminal.type('in Sp');
    await terminal.outputHas('in Sp');
    run.delta('msg_a', 'red');
    terminal.type('anish\r');
    expect((await api.received('POST /v1/runs/run_1/messages')).body).toEqual({ input: 'in Spanish' });
    run.answer('msg_a', 'Roses are red').succeed('Roses are red');
    await terminal.outputHas('event 2');
    await leave();
    expect(screen()).toContain('Roses are\n» in Spanish\nred');
    expect(screen()).toContain('The agent will read this at its next turn.');
  });

  test('a line that comes too late for the run starts the next one', async () => {
    const run = await say('hello');
    const data = { id: run.id, status: 'succeeded', action: 'steering', needed: 'running' };
    api.answers['POST /v1/runs/run_1/messages'] = new BatutaError('run-state-conflict', data);
    terminal.type('and more\r');
    await api.received('POST /v1/runs/run_1/messages');
    run.succeed('Hi');
    const next = await api.run(1);
    next.succeed('More.');
    await terminal.outputHas('event 1');
    await leave();
    expect(next.body.input).toBe('and more');
  });

  test('a question is shown with its options, and a number chooses one', async () => {
    const run = await say('book a flight');
    const options = ['Rome', 'Lima'];
    run.emit('input-requested', { call_id: 'c1', question: 'Where to?', options }).waits('input');
    await terminal.outputHas('? ');
    terminal.type('2\r');
    expect((await api.received('POST /v1/runs/run_1/messages')).body).toEqual({ input: 'Lima' });
    run.emit('run-resumed', { waited_for: 'input' }).succeed('Booked.');
    await terminal.outputHas('event 4');
    await leave();
    expect(screen()).toContain('The agent asks: Where to?\n  1. Rome\n  2. Lima\n? 2');
  });

  /** Says a line whose run asks for an approval of `delete_file`, and gives the run. */
  async function asked(more: { decisions?: number } = {}): Promise<FakeRun> {
    const { decisions = 1 } = more;
    const ids = Array.from({ length: decisions }, (_, index) => `apr_${index + 1}`);
    for (const id of ids) {
      api.answers[`POST /v1/approvals/${id}`] = { id };
      api.answers[`GET /v1/approvals/${id}`] = {
        id,
        tool: 'delete_file',
        arguments: '{"all":false,"path":"/tmp/x"}',
      };
    }
    const run = await say('delete it');
    run.answer('msg_a', '', Object.fromEntries(ids.map((id) => [id, ['delete_file', '{"path":"/tmp/x"}']])));
    for (const id of ids) run.asksApproval(id, 'delete_file');
    run.waits('approval');
    await terminal.outputHas('y approve · n deny');
    return run;
  }

  const decided = async (id = 'apr_1') => (await api.received(`POST /v1/approvals/${id}`)).body;

  test('an approval shows exactly what would run, and is decided in place; another word asks again', async () => {
    const run = await asked();
    terminal.type('perhaps\r');
    await terminal.outputHas('y approve · n deny', 2);
    terminal.type('y\r');
    expect(await decided()).toEqual({ decision: 'approve' });
    run.succeed('Deleted.');
    await terminal.outputHas('event 4');
    await leave();
    expect(screen()).toContain('delete_file wants a decision. Arguments: {"all":false,"path":"/tmp/x"}');
    expect(screen()).toContain('The run has taken in: untrusted');
  });

  const forSession = (pattern: object) => ({ decision: 'approve', for_session: { pattern } });
  const offered = 'y approve · n deny';

  test.each<[object, ...[line: string, shown: string, times: number][]]>([
    [{ decision: 'deny' }, ['n', '', 0]],
    [{ decision: 'deny', reason: 'that is mine' }, ['n that is mine', '', 0]],
    [
      { decision: 'approve', arguments: { path: '/y' } },
      ['e', 'one JSON object', 1],
      ['{"path":"/y"}', '', 0],
    ],
    [{ decision: 'deny' }, ['e', 'one JSON object', 1], ['no json', offered, 2], ['n', '', 0]],
    [
      forSession({ all: { equals: false }, path: { equals: '/tmp/x' } }),
      ['s', 'y confirms', 1],
      ['y', '', 0],
    ],
    [
      forSession({ all: { equals: false }, path: { any: true } }),
      ['s', 'y confirms', 1],
      ['path', 'y confirms', 2],
      ['y', '', 0],
    ],
    [{ decision: 'approve' }, ['s', 'y confirms', 1], ['no', offered, 2], ['y', '', 0]],
  ])('an approval is answered with %j by typing %j', async (body, ...typed) => {
    const run = await asked();
    for (const [line, shownThen, times] of typed) {
      terminal.type(`${line}\r`);
      if (times > 0) await terminal.outputHas(shownThen, times);
    }
    expect(await decided()).toEqual(body);
    run.succeed('Done.');
    await terminal.outputHas('event 4');
    await leave();
  });

  test('approvals that wait side by side are offered one after the other', async () => {
    const run = await asked({ decisions: 2 });
    terminal.type('y\r');
    expect(await decided()).toEqual({ decision: 'approve' });
    run.decided('apr_1', 'approve');
    await terminal.outputHas('y approve · n deny', 2);
    terminal.type('n\r');
    expect(await decided('apr_2')).toEqual({ decision: 'deny' });
    run.decided('apr_2', 'deny').succeed('Done.');
    await terminal.outputHas('event 7');
    await leave();
  });

  test('who may not decide is told so, and the run waits on', async () => {
    const run = await asked();
    const data = { id: 'apr_1', needed: 'administrator', role: 'member' };
    api.answers['POST /v1/approvals/apr_1'] = new BatutaError('approval-role-missing', data);
    terminal.type('y\r');
    await terminal.outputHas('You may not decide this');
    run.decided('apr_1', 'approve').succeed('Done.');
    await terminal.outputHas('event 5');
    expect(await decided()).toEqual({ decision: 'approve' });
    await leave();
  });

  test('/fork goes on in a copy, /new in a new session, /session names it', async () => {
    api.answers['POST /v1/sessions/ses_1/fork'] = { id: 'ses_2' };
    (await say('hello')).succeed('Hi');
    await terminal.outputHas('event 1');
    terminal.type('/fork 1\r');
    await terminal.outputHas('Session ses_2 is a copy up to event 1.');
    expect((await api.received('POST /v1/sessions/ses_1/fork')).body).toEqual({ at: 1 });
    const forked = await say('again', 1);
    forked.succeed('Hi');
    terminal.type('/session\r');
    await terminal.outputHas('Session ses_2, agent assistant');
    terminal.type('/new\r');
    await terminal.outputHas('starts a new session');
    const fresh = await say('fresh', 2);
    fresh.succeed('Hi');
    terminal.type('/exit\r');
    expect(await ended).toBe(0);
    expect(forked.body.session_id).toBe('ses_2');
    expect(fresh.body.session_id).toBeUndefined();
  });

  test.each([
    ['/help', 'go on in a copy of the session'],
    ['/what', 'There is no /what.'],
    ['/fork x', 'Type /fork and the number of an event'],
    ['/fork 3', 'There is no session to copy yet.'],
    ['/session', 'There is no session yet'],
    ['/cancel', 'Nothing is running.'],
  ])('%s is answered', async (command, answer) => {
    terminal.type(`${command}\r`);
    await terminal.outputHas(answer);
    await leave();
    expect(api.runs).toEqual([]);
  });

  test('pasted lines are one message', async () => {
    const run = await say('first\rsecond\rthird');
    run.succeed('Hi');
    await terminal.outputHas('event 1');
    await leave();
    expect(run.body.input).toBe('first\nsecond\nthird');
  });

  test('an error does not end the conversation', async () => {
    api.answers['POST /v1/runs'] = new BatutaError('queue-full', { count: 9, retry_after_seconds: 0 });
    terminal.type('hello\r');
    await terminal.outputHas('error: 9 runs are waiting');
    await leave();
    expect(screen()).toContain('Try again in 0 s.\n›');
  });
});
