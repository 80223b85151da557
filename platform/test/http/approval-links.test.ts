import { BatutaError } from '@batuta/contract';
import { describe, expect, test } from 'vitest';
import { preferredLanguage } from '../../src/interface/http/request/accept-language.ts';
import { fakeIds } from './fake-application.ts';
import { openDoor, type TestDoor } from './open-door.ts';

const address = '/approve?token=bta_link';
const form = 'application/x-www-form-urlencoded';

async function open(door: TestDoor, headers: Record<string, string> = {}, path = address) {
  const answer = await door.request(path, { key: null, headers });
  return { answer, html: await answer.text() };
}

async function send(door: TestDoor, raw: string, headers: Record<string, string> = {}) {
  const request = { method: 'POST', key: null, raw, headers: { 'content-type': form, ...headers } };
  const answer = await door.request(address, request);
  return { answer, html: await answer.text() };
}

describe('the page of a link', () => {
  test('shows what would run, who asks and what is known of it, and has no script', async () => {
    const door = openDoor();
    door.application.link.approval = { arguments: '{"to":"a\u202eb","x":"<b>"}', labels: ['untrusted'] };
    const { answer, html } = await open(door);
    expect(answer.status).toBe(200);
    for (const part of ['delete_ticket', 'ana asked for this run', 'decide as Bea', 'cannot be trusted'])
      expect(html).toContain(part);
    expect(html).toContain('&#34;to&#34;: &#34;a\\u202eb&#34;');
    expect(html).not.toMatch(/<script|<img|<link|src=|style=|onclick=|<b>|\u202e/);
    expect(html.match(/<button name="decision" value="\w+"/g)).toHaveLength(2);
  });

  test('may send its form here and to nobody else, is not kept, and tells nobody its address', async () => {
    const { answer } = await open(openDoor());
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none';.*form-action 'self'$/);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-robots-tag': 'noindex',
      'x-frame-options': 'DENY',
    });
  });

  test('decides nothing when it is opened, however often', async () => {
    const door = openDoor();
    for (const method of ['GET', 'HEAD', 'GET']) await door.request(address, { key: null, method });
    expect(door.application.linkDecisions).toEqual([]);
  });

  test.each([
    ['es-MX,es;q=0.9,en;q=0.8', 'es', 'Se le pide una decisión', 'Denegar'],
    ['pt-BR', 'pt', 'Uma decisão é pedida a você', 'Negar'],
    ['de,fr;q=0.5', 'en', 'A decision is asked of you', 'Deny'],
  ])('speaks the language of %s', async (...[header, language, title, button]) => {
    const { html } = await open(openDoor(), { 'accept-language': header });
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain(title);
    expect(html).toContain(`>${button}</button>`);
  });

  test('asks for an answer where the run asks a question', async () => {
    const door = openDoor();
    const approval = { reason: 'question', question: 'Which <one>?', options: ['red'] } as const;
    Object.assign(door.application.link, {
      decisions: ['answer'],
      approval: { ...approval, options: ['red'] },
    });
    const { html } = await open(door);
    expect(html).toContain('Which &#60;one&#62;?');
    expect(html).toContain('<textarea name="answer"');
    await send(door, 'decision=answer&answer=+blue+');
    expect(door.application.linkDecisions).toMatchObject([{ decision: 'answer', answer: 'blue' }]);
  });

  test('does not let anybody approve what it is too small to show', async () => {
    const door = openDoor();
    door.application.link.approval = { arguments: JSON.stringify({ text: 'x'.repeat(60_000) }) };
    const { html } = await open(door);
    expect(html).toContain('cannot be approved by a link');
    expect(html).not.toContain('value="approve"');
    expect((await send(door, 'decision=approve')).answer.status).toBe(400);
    expect((await send(door, 'decision=deny')).answer.status).toBe(200);
    expect(door.application.linkDecisions).toMatchObject([{ decision: 'deny', reason: undefined }]);
  });

  test.each([
    ['used', { usedDecision: 'deny' }, 'This link was used already: Deny'],
    ['expired', {}, 'This link has expired'],
    ['closed', { approval: { status: 'decided', decision: 'approve', decided_by: 'Cy' } }, 'Approve, by Cy'],
    ['closed', { approval: { status: 'expired' } }, 'Nobody decided in time'],
    ['closed', { approval: { status: 'withdrawn' } }, 'The run has ended'],
  ])('that is %s says so and takes nothing', async (state, more, sentence) => {
    const door = openDoor();
    Object.assign(door.application.link, { state, ...more });
    const { answer, html } = await open(door);
    expect([answer.status, html.includes('<form')]).toEqual([410, false]);
    expect(html).toContain(sentence);
    expect((await send(door, 'decision=approve')).answer.status).toBe(410);
    expect(door.application.linkDecisions).toEqual([]);
  });

  test('of nobody is unknown', async () => {
    for (const path of ['/approve', '/approve?token=x', `/approve?token=${'x'.repeat(500)}`]) {
      const { answer, html } = await open(openDoor(), {}, path);
      expect(answer.status).toBe(404);
      expect(html).toContain('There is no such link');
    }
  });
});

describe('the form of a link', () => {
  test('decides, with the reason', async () => {
    const door = openDoor();
    const { answer, html } = await send(door, 'reason=Too+much.&decision=deny', {
      origin: 'http://127.0.0.1:3000',
    });
    expect(answer.status).toBe(200);
    expect(html).toContain('Your decision is recorded: Deny.');
    expect(door.application.linkDecisions).toMatchObject([{ decision: 'deny', reason: 'Too much.' }]);
  });

  test.each([
    ['nothing', ''],
    ['a decision that does not exist', 'decision=perhaps'],
    ['a decision that is not offered', 'decision=repeat'],
    ['an answer to no question', 'decision=answer&answer=x'],
    ['too long a reason', `decision=deny&reason=${'x'.repeat(501)}`],
  ])('with %s decides nothing', async (_, raw) => {
    const door = openDoor();
    expect((await send(door, raw)).answer.status).toBe(400);
    expect(door.application.linkDecisions).toEqual([]);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['another type of content', { 'content-type': 'application/json' }, 415],
    ['too large a body', {}, 413],
  ])('is refused from %s', async (_, headers, status) => {
    const door = openDoor();
    const raw = status === 413 ? `decision=deny&x=${'x'.repeat(70_000)}` : 'decision=approve';
    expect((await send(door, raw, headers)).answer.status).toBe(status);
    expect(door.application.linkDecisions).toEqual([]);
  });

  test('that comes second says what was decided', async () => {
    const door = openDoor();
    const made = { decision: 'deny', decided_by: 'Cy', decided_at: '2026-11-21T00:00:00.000Z', reason: null };
    door.application.linkFailure = new BatutaError('approval-decided-already', { id: 'apr_1', ...made });
    Object.assign(door.application.link.approval, { status: 'decided', ...made });
    const { answer, html } = await send(door, 'decision=approve');
    expect(html).toContain('Deny, by Cy');
    expect(answer.status).toBe(409);
  });
});

test('a link is made with its address, once', async () => {
  const door = openDoor();
  const json = { recipient: 'Bea' };
  const answer = await door.request(`/v1/approvals/${fakeIds.approval}/links`, { json });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ url: 'http://127.0.0.1:3000/approve?token=bta_link', ...json });
});

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['es', 'es'],
  ['en;q=0.1, pt;q=0.2', 'pt'],
  ['es;q=0, en', 'en'],
  ['*', 'en'],
  [';;;,q=,es;q=x', 'en'],
])('of %j the language is %s', (header, language) => {
  expect(preferredLanguage(header, ['en', 'es', 'pt'])).toBe(language);
});
