import { problemSchema } from '@batuta/contract';
import { describe, expect, test } from 'vitest';
import { findJsonFault } from '../../src/interface/http/request/check-json.ts';
import { fakeIds } from './fake-application.ts';
import { openDoor } from './open-door.ts';

/** Characters that no text may have. */
const never: Record<string, string> = { NUL: '\0', 'half of a pair': '\uD800' };
/** Characters that prose may have, but no line. */
const spacing: Record<string, string> = { tab: '\t', 'line feed': '\n', 'carriage return': '\r' };
/** Characters that content may have, but neither prose nor a line. */
const steering: Record<string, string> = {
  bell: '\u0007',
  backspace: '\b',
  escape: '\u001B[2J',
  delete: '\u007F',
  'next line': '\u0085',
  'C1 control sequence': '\u009B2J',
  'right-to-left override': '\u202E',
  'left-to-right embedding': '\u202A',
  isolate: '\u2066',
};
/** What people write, and every text may hold. */
const legitimate = [
  'Añadir façade für Zoë — “quoted”, 100 %',
  'שלום\u200F, مرحبا بالعالم',
  '日本語のテキスト',
  '👩‍👩‍👧 e\u0301 \u00A0',
  'a < b && "c" \\u001b %00',
];

/** The texts of each endpoint with a body: where they stand, and what they are. */
const fields: readonly [
  kind: 'line' | 'prose' | 'content',
  method: string,
  path: string,
  body: (text: string) => unknown,
][] = [
  ['content', 'POST', '/v1/runs', (input) => ({ agent: 'assistant', input })],
  ['content', 'POST', '/v1/runs', (text) => ({ agent: 'assistant', input: [{ type: 'text', text }] })],
  [
    'line',
    'POST',
    '/v1/runs',
    (name) => ({
      agent: 'assistant',
      input: [{ type: 'file', media_type: 'text/plain', name, data: 'YQ==' }],
    }),
  ],
  ['prose', 'POST', `/v1/runs/${fakeIds.run}/cancel`, (reason) => ({ reason })],
  ['content', 'POST', `/v1/runs/${fakeIds.run}/messages`, (input) => ({ input })],
  ['prose', 'POST', `/v1/approvals/${fakeIds.approval}`, (reason) => ({ decision: 'deny', reason })],
  [
    'content',
    'POST',
    `/v1/approvals/${fakeIds.approval}`,
    (text) => ({ decision: 'approve', arguments: { body: [text], [text]: 1 } }),
  ],
  ['line', 'POST', `/v1/approvals/${fakeIds.approval}/links`, (recipient) => ({ recipient })],
  ['line', 'PATCH', '/v1/tenant', (name) => ({ name })],
  ['content', 'PUT', '/v1/secrets/weather', (value) => ({ value: `long enough ${value}` })],
];

async function refusalOf(method: string, path: string, json: unknown): Promise<string | undefined> {
  const answer = await openDoor().request(path, { method, json });
  if (answer.status !== 400) return undefined;
  return problemSchema.parse(await answer.json()).detail;
}

describe.each(fields)('%s: %s %s', (...[kind, method, path, body]) => {
  const refused = { ...never, ...(kind === 'content' ? {} : steering), ...(kind === 'line' ? spacing : {}) };
  const kept = { ...(kind === 'line' ? {} : spacing), ...(kind === 'content' ? steering : {}) };

  test.each(Object.entries(refused))('refuses %s', async (_, character) => {
    expect(await refusalOf(method, path, body(`a${character}b`))).toMatch(
      /control character|character U\+0000|well-formed/,
    );
  });

  test.each(Object.entries(kept))('keeps %s', async (_, character) => {
    expect(await refusalOf(method, path, body(`a${character}b`))).toBeUndefined();
  });

  test.each(legitimate)('keeps "%s"', async (text) => {
    expect(await refusalOf(method, path, body(text))).toBeUndefined();
  });
});

describe('any body', () => {
  test('keeps a message as it came', async () => {
    const input = `${legitimate.join('\n')}\u001B[31mred\u001B[0m\t\u202E`;
    const door = openDoor();
    await door.request('/v1/runs', { json: { agent: 'assistant', input } });
    expect(door.application.accepted[0]?.body).toMatchObject({ input });
  });

  test.each([
    [
      'a key with a control character',
      { 'a\u001Bb': 1 },
      /has a key that must not contain the control character U\+001B/,
    ],
    ['a key with a line feed', { 'a\nb': 1 }, /has a key that/],
    ['a huge key', { [`k${'x'.repeat(256)}`]: 1 }, /has a key of more than 256 characters/],
    [
      'a huge key among arguments',
      { arguments: { [`k${'x'.repeat(256)}`]: 1 } },
      /has a key of more than 256 characters/,
    ],
    ['a text inside of lists', { names: [['a\u0007']] }, /U\+0007/],
    ['a key of the prototype', JSON.parse('{"__proto__": {"a": "b\\u0007"}}'), /U\+0007/],
  ])('refuses %s', (_, value, message) => {
    expect(findJsonFault(value)?.message).toMatch(message);
  });

  test('is walked only so far, however it is made', () => {
    const wide = Array.from({ length: 1_000_000 }, () => 0);
    expect(findJsonFault(wide)?.message).toBe('has more than 200000 values');
    expect(findJsonFault(JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`))?.message).toMatch(
      /more than 64 levels/,
    );
    expect(findJsonFault(Array.from({ length: 199_999 }, () => 'a'))).toBeUndefined();
  });
});

test.each(['cursor=a%1Bb', 'cursor=a%0Ab', 'cursor=%E2%80%AEa', 'a%07=1', 'cursor=%00'])(
  'a query is a line: %s',
  async (query) => {
    const answer = await openDoor().request(`/v1/sessions?${query}`);
    const problem = problemSchema.parse(await answer.json());
    expect(problem).toMatchObject({ status: 400, code: 'request-invalid' });
    expect(problem.detail).toMatch(/control character|U\+0000/);
  },
);
