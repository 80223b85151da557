import type { Approval } from '@batuta/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batuta, begin } from './kit/batuta.ts';
import { FakeApi } from './kit/fake-api.ts';
import { testTerminal } from './kit/terminal.ts';

let api: FakeApi;
beforeEach(async () => {
  api = new FakeApi();
  await api.listen();
  api.answers['GET /v1/approvals/apr_1'] = approval;
  api.answers['POST /v1/approvals/apr_1'] = { ...approval, decision: 'approve' };
});
afterEach(() => api.close());

const approval: Approval = {
  id: 'apr_1',
  status: 'pending',
  run_id: 'run_1',
  session_id: 'ses_1',
  call_id: 'c1',
  tool: 'send_mail',
  arguments: '{"body":"Hi \u202eevil\\u001b[2J","to":"ana@example.com"}',
  arguments_hash: 'cafe',
  reason: 'policy',
  policy_version: '1',
  rule: { source: 'project', name: 'ask: send_mail', file: 'policies/mail.yaml', line: 7 },
  why: 'Mail leaves the house.',
  requested_by: 'ben',
  needed_role: 'operator',
  labels: ['private', 'untrusted'],
  question: null,
  options: null,
  decisions: ['approve', 'deny'],
  decision: null,
  decided_by: null,
  decision_reason: null,
  edited_arguments: null,
  pattern: null,
  answer: null,
  created_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-01-02T00:00:00.000Z',
  decided_at: null,
};

const posted = async () => (await api.received('POST /v1/approvals/apr_1')).body;
const toAna = { to: { equals: 'ana@example.com' } };

describe('batuta approvals', () => {
  test('lists what waits, on one line each', async () => {
    const question = {
      ...approval,
      id: 'apr_2',
      tool: 'ask_user',
      decisions: ['answer'],
      question: 'Which\none?',
    };
    api.answers['GET /v1/approvals'] = { items: [approval, question], next_cursor: null };
    const { output } = await batuta(['approvals', '--tool', 'send_mail', '--run', 'run_1'], { api });
    expect(output).toMatch(
      /apr_1 +send_mail +approve, deny +\S+ \S+ +\{"body":"Hi \\u202eevil\\u001b\[2J","to":/,
    );
    expect(output).toMatch(/apr_2 +ask_user +answer +\S+ \S+ +Which one\?/);
  });

  test('shows one: who asks, what is known, and exactly what would run, harmless', async () => {
    const { output } = await batuta(['approvals', 'show', 'apr_1'], { api });
    for (const fact of [
      /State +waits/,
      /Asked by +ben/,
      /Needs +operator/,
      /Rule +ask: send_mail \(policies\/mail.yaml:7\)/,
      /Because +Mail leaves/,
      /Labels +private, untrusted/,
    ])
      expect(output).toMatch(fact);
    expect(output).toContain(
      'Exactly this would run:\n{\n  "body": "Hi \\u202eevil\\u001b[2J",\n  "to": "ana@example.com"\n}\n',
    );
    for (const hidden of ['\u001b', '\u202e']) expect(output).not.toContain(hidden);
  });

  test('shows what became of one', async () => {
    api.answers['GET /v1/approvals/apr_1'] = {
      ...approval,
      status: 'decided',
      decision: 'approve',
      decided_by: 'eva',
      decided_at: approval.created_at,
      edited_arguments: '{"to":"eva@example.com"}',
      pattern: { to: { any: true }, n: { between: [0, 9] } },
    };
    const { output } = await batuta(['approvals', 'show', 'apr_1'], { api });
    expect(output).toMatch(/Decided +approve, eva, /);
    expect(output).toContain('put these arguments in its place:\n{\n  "to": "eva@example.com"\n}');
    expect(output).toContain('  to: anything\n  n: a number from 0 to 9\n');
  });

  test('approves, denies, and decides about an unknown outcome', async () => {
    expect(await batuta(['approvals', 'approve', 'apr_1'], { api })).toMatchObject({
      code: 0,
      output: 'Approval apr_1: approve.\n',
    });
    await batuta(['approvals', 'deny', 'apr_1', '--reason', 'no'], { api });
    await batuta(['approvals', 'decide', 'apr_1', 'done'], { api });
    const bodies = api.calls.flatMap(({ call, body }) => (call.startsWith('POST') ? [body] : []));
    expect(bodies).toEqual([
      { decision: 'approve' },
      { decision: 'deny', reason: 'no' },
      { decision: 'done' },
    ]);
  });

  test('approves with edited arguments, from the command line or standard input', async () => {
    await batuta(['approvals', 'approve', 'apr_1', '--edit', '{"to":"x"}'], { api });
    expect(await posted()).toEqual({ decision: 'approve', arguments: { to: 'x' } });
    const terminal = testTerminal();
    terminal.type('{"to":"y"}');
    terminal.endInput();
    await batuta(['approvals', 'approve', 'apr_1', '--edit', '-'], { api, terminal });
    expect(api.calls.at(-1)?.body).toEqual({ decision: 'approve', arguments: { to: 'y' } });
  });

  test.each([
    [['--edit', '{to:1}'], 'The edited arguments must be one JSON object'],
    [['--edit', '[1]'], 'The edited arguments must be one JSON object: [1]'],
    [['--any', 'to'], '--any goes with --for-session only.'],
    [['--for-session'], 'Elsewhere add --yes once you have read the pattern.'],
    [['--for-session', '--yes', '--any', 'bcc'], 'The call has no argument bcc. It has: body, to.'],
  ])('decides nothing with %j', async (options, message) => {
    const { code, error } = await batuta(['approvals', 'approve', 'apr_1', ...options], { api });
    expect([code, error]).toEqual([64, expect.stringContaining(message)]);
    expect(api.calls.filter(({ call }) => call.startsWith('POST'))).toEqual([]);
  });

  test('approves such calls for the session, some arguments free', async () => {
    const words = ['approvals', 'approve', 'apr_1', '--for-session', '--any', 'body', '--yes'];
    await batuta(words, { api });
    expect(await posted()).toEqual({
      decision: 'approve',
      for_session: { pattern: { body: { any: true }, ...toAna } },
    });
  });

  test.each([
    ['y', 0],
    ['n', 1],
    ['', 1],
  ])('on a terminal shows what would run and asks back: %j', async (typed, code) => {
    const terminal = testTerminal({ terminal: true, environment: { NO_COLOR: '1' } });
    const ended = begin(['approvals', 'approve', 'apr_1', '--for-session', '--any', 'body'], {
      api,
      terminal,
    });
    await terminal.errorHas('for the rest of the session? [y/N]');
    expect(terminal.error()).toContain('Exactly this would run:');
    expect(terminal.error()).toContain('  body: anything\n  to: "ana@example.com"\n');
    terminal.type(`${typed}\r\n`);
    expect(await ended).toBe(code);
    expect(api.calls.some(({ call }) => call.startsWith('POST'))).toBe(code === 0);
  });

  test('answers a question', async () => {
    const { code } = await batuta(['approvals', 'answer', 'apr_1', 'blue'], { api });
    expect(code).toBe(0);
    expect(await posted()).toEqual({ decision: 'answer', answer: 'blue' });
    expect((await batuta(['approvals', 'answer', 'apr_1', ' '], { api })).code).toBe(64);
  });

  test('makes a link, and writes nothing else to standard output', async () => {
    api.answers['POST /v1/approvals/apr_1/links'] = {
      id: 'apl_1',
      approval_id: 'apr_1',
      recipient: 'Bea',
      decisions: ['approve', 'deny'],
      url: 'http://127.0.0.1:3000/approve?token=bta_x',
      expires_at: approval.created_at,
    };
    const { output, error } = await batuta(['approvals', 'link', 'apr_1', 'Bea', '--hours', '2'], { api });
    expect(output).toBe('http://127.0.0.1:3000/approve?token=bta_x\n');
    expect(error).toContain('Link apl_1 for Bea, works once');
    expect((await api.received('POST /v1/approvals/apr_1/links')).body).toEqual({
      recipient: 'Bea',
      expires_in_hours: 2,
    });
  });

  test('lists the links of one, and takes one back', async () => {
    const times = { created_at: approval.created_at, expires_at: '2099-01-01T00:00:00.000Z' };
    const link = { id: 'apl_1', approval_id: 'apr_1', recipient: 'Bea\u001b', decisions: ['deny'], ...times };
    const open = {
      created_by: 'ana',
      used_at: null,
      used_decision: null,
      revoked_at: null,
      revoked_by: null,
    };
    const revoked = { ...open, revoked_at: approval.created_at, revoked_by: 'ben' };
    const items = [
      { ...link, ...open },
      { ...link, ...revoked, id: 'apl_2' },
    ];
    api.answers['GET /v1/approvals/apr_1/links'] = { items };
    api.answers['DELETE /v1/approvals/apr_1/links/apl_1'] = null;
    const { output } = await batuta(['approvals', 'links', 'apr_1'], { api });
    expect(output).toMatch(/apl_1 +Bea +deny +ana +works until 2099/);
    expect(output).toMatch(/apl_2 .*taken back by ben/);
    expect(output).not.toContain('\u001b');
    const ended = await batuta(['approvals', 'revoke', 'apr_1', 'apl_1'], { api });
    expect(ended.output).toBe('The link apl_1 decides nothing any more.\n');
  });
});
