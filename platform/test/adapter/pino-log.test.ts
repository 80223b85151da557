import { BatutaError } from '@batuta/contract';
import { expect, test } from 'vitest';
import { makePinoLog, type PinoLogOptions } from '../../src/adapter/log-pino/pino-log.ts';
import { Redactor } from '../../src/application/redaction/redactor.ts';

function captured({ secret = '', ...options }: Partial<PinoLogOptions> & { secret?: string } = {}) {
  const redactor = new Redactor({ find: async () => [] });
  redactor.knowPlatformValue(secret, 'x');
  const redactText = (text: string): string => redactor.line(text);
  const lines: string[] = [];
  const log = makePinoLog({
    level: 'info',
    format: 'json',
    redactText,
    write: (line) => lines.push(line),
    ...options,
  });
  return { log, lines, first: () => JSON.parse(lines[0] ?? '{}') as Record<string, unknown> };
}

test('a line carries message and fields as JSON', () => {
  const { log, first } = captured();
  log.info('run started', { run_id: 'run_1', turns: 2 });
  expect(first()).toMatchObject({ level: 30, msg: 'run started', run_id: 'run_1', turns: 2 });
});

test('lines below the level are not written', () => {
  const { log, lines } = captured({ level: 'warn' });
  log.info('quiet');
  log.warn('loud');
  expect(lines).toHaveLength(1);
});

test.each([
  ['a key by its name', { api_key: 'abcdef123456' }],
  ['an authorization header', { headers: { Authorization: 'Bearer abcdef123456' } }],
  ['a bearer value in a text', { note: 'sent Bearer abcdef123456 to it' }],
  ['a provider key in a text', { note: 'sk-ant-abcdef123456-xyz was refused' }],
  ['a password in an address', { address: 'postgres://me:abcdef123456@db/x' }],
  ['a key in a query', { url: 'https://x.test/?api_key=abcdef123456&a=1' }],
  ['a known secret anywhere', { deep: [{ note: 'value:abcdef123456.' }] }],
  ['an error', { error: new Error('refused: token=abcdef123456 Bearer abcdef123456') }],
  ['a token by its name', { login_token: 'abcdef123456' }],
])('%s is removed', (_, fields) => {
  const { log, lines } = captured({ secret: 'abcdef123456' });
  log.info('x', fields);
  expect(lines.join('')).not.toContain('abcdef123456');
});

test.each([
  ['a bearer value', 'Bearer abcdef123456'],
  ['a provider key', 'sk-ant-abcdef123456-xyz'],
  ['a key of the platform', 'key btk_abcdef123456abcdef123456.'],
  ['a password', 'redis://:abcdef123456@host:1'],
])('%s is removed also when it is not known', (_, note) => {
  const { log, lines } = captured();
  log.info(note, { note });
  expect(lines.join('')).not.toContain('abcdef123456');
});

test('counts of tokens are no secrets', () => {
  const { log, first } = captured();
  log.info('answered', { input_tokens: 12 });
  expect(first()['input_tokens']).toBe(12);
});

test('an error keeps code, message and cause', () => {
  const { log, first } = captured();
  log.error('failed', {
    error: new BatutaError('run-unknown', { id: 'run_1' }, { cause: new Error('why') }),
  });
  expect(first()['error']).toMatchObject({
    name: 'BatutaError',
    code: 'run-unknown',
    message: 'There is no run "run_1".',
    cause: { message: 'why' },
  });
});

test('a field that cannot be read does not throw', () => {
  const { log, lines } = captured();
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const broken = Object.defineProperty({}, 'x', { enumerable: true, get: () => JSON.parse('{') as unknown });
  log.info('circle', { circle });
  log.info('broken', broken);
  expect(lines).toHaveLength(2);
});

test('readable lines are for people', () => {
  const { log, lines } = captured({ format: 'readable' });
  log.warn('slow model', { model: 'a/b', note: 'two words' });
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn {2}slow model model=a\/b note="two words"\n$/);
});
