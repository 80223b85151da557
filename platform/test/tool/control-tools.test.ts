import { expect, test } from 'vitest';
import { askUserTool, makeDelegateTool, waitUntilTool } from '../../src/domain/tool/control-tools.ts';
import { wakeTime } from '../../src/domain/tool/wake-time.ts';

const now = Date.parse('2026-11-21T10:00:00Z');

test('ask_user takes a question and options', () => {
  const value = { question: 'Which?', options: ['a', 'b'] };
  expect(askUserTool.parse(value)).toEqual({ ok: true, value });
});

test.each([
  [{}, '"question" is missing: it must be a text'],
  [{ question: 'x', option: ['a'] }, '"option" is not known here (did you mean "options"?)'],
  [{ question: 'x', options: ['only'] }, '"options" must be at least 2 items long'],
  ['text', 'the whole must be an object, not "text"'],
])('ask_user says what is wrong with %j', (value, summary) => {
  expect(askUserTool.parse(value)).toEqual({ ok: false, summary });
});

test.each([
  [{ seconds: 90 }, '2026-11-21T10:01:30.000Z'],
  [{ until: '2026-11-21T12:00:00+01:00' }, '2026-11-21T11:00:00.000Z'],
  [{ until: '2020-01-01T00:00:00Z' }, '2026-11-21T10:00:00.000Z'],
])('wait_until %j wakes at %s', (value, expected) => {
  expect(waitUntilTool.parse(value).ok).toBe(true);
  const wake = wakeTime(value, now);
  expect(wake.ok && new Date(wake.wakeAt).toISOString()).toBe(expected);
});

test.each([
  [{}, /either "until" or "seconds"/],
  [{ seconds: 5, until: '2027-01-01T00:00:00Z' }, /not both/],
  [{ until: 'tomorrow' }, /ISO 8601 time with a zone/],
  [{ until: '2027-01-01T00:00:00' }, /with a zone/],
  [{ seconds: 366 * 86_400 + 1 }, /at most 31622400/],
  [{ seconds: '5' }, /must be a number, not "5"/],
])('wait_until refuses %j', (value, summary) => {
  const parsed = waitUntilTool.parse(value);
  expect(!parsed.ok && parsed.summary).toMatch(summary);
});

test('a time more than 366 days away is refused when the run waits', () => {
  expect(wakeTime({ until: '2028-11-21T10:00:00Z' }, now)).toMatchObject({ ok: false });
});

test('a delegate tool has a name that models allow and carries its agent', () => {
  const tool = makeDelegateTool({ name: 'tax-law', description: 'Knows tax law.' });
  expect(tool).toMatchObject({ kind: 'delegate', agent: 'tax-law', name: 'agent_tax-law' });
  expect(tool.name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(tool.description).toContain('Knows tax law.');
  expect(tool.parse({ task: '' })).toMatchObject({ ok: false });
});
