import { AdvancingClock } from '@batuta/testkit/clock';
import { describe, expect, it, test } from 'vitest';
import { CallDesk } from '../../src/application/turn/call-desk.ts';
import { CallLimits } from '../../src/application/turn/call-limits.ts';
import { RunControl } from '../../src/application/turn/run-control.ts';
import { readAnswer } from '../../src/domain/tool/read-answer.ts';

describe('the limits of a call', () => {
  it('rest while a person is asked, and go on with what was left', async () => {
    const clock = new AdvancingClock();
    const limits = new CallLimits(clock, new RunControl(), 60_000);
    clock.advance(40_000);
    limits.pause();
    clock.advance(3_600_000);
    limits.resume();
    clock.advance(19_000);
    expect(limits.signal.aborted).toBe(false);
    clock.advance(1_001);
    expect(limits.signal.reason).toBe('timed-out');
    await expect(limits.exceeded).rejects.toBe('timed-out');
  });

  it('end with an interruption of the run, also while a person is asked', () => {
    const control = new RunControl();
    const limits = new CallLimits(new AdvancingClock(), control, 60_000);
    limits.pause();
    control.interrupt('cancelled');
    expect(limits.signal.reason).toBe('interrupted');
  });
});

describe('reports of calls', () => {
  it('are told at once, then at most one a second with the latest word', () => {
    const clock = new AdvancingClock();
    const desk = new CallDesk(clock);
    const told = () =>
      desk.take().flatMap(({ events }) => events.map(({ data }) => ('message' in data ? data.message : '')));
    const report = (callId: string, message: string) => desk.report({ callId, tool: 'work' }, { message });
    report('one', 'a');
    report('two', 'x');
    report('one', 'b');
    report('one', 'c');
    expect(told()).toEqual(['a', 'x']);
    clock.advance(1_001);
    expect(told()).toEqual(['c']);
    clock.advance(1_001);
    report('one', 'd');
    desk.ended('one');
    expect(told()).toEqual(['d']);
  });
});

const form = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    count: { type: 'integer' },
    size: { type: 'string', enum: ['S', 'L'] },
  },
  required: ['name', 'count'],
};
const one = (field: { type: string; enum?: string[] }) => ({ type: 'object', properties: { field } });

test.each([
  ['Blue.', undefined, { answer: 'Blue.' }],
  ['{"name":"A","count":2}', form, { name: 'A', count: 2 }],
  [' sí ', one({ type: 'boolean' }), { field: true }],
  ['não', one({ type: 'boolean' }), { field: false }],
  ['7', one({ type: 'integer' }), { field: 7 }],
  ['L', one({ type: 'string', enum: ['S', 'L'] }), { field: 'L' }],
  ['anything', { type: 'object' }, {}],
])('%j is read as the form asks for it', (text, schema, content) => {
  expect(readAnswer(text, schema)).toEqual({ ok: true, content });
});

test.each([
  ['Blue.', form, 'Please answer as JSON: { "name": <string>, "count": <integer>, "size": <string> }'],
  ['{"name":"A"}', form, 'The field "count" is missing.'],
  ['{"name":"A","count":1.5}', form, 'The field "count" must be of the type integer.'],
  ['{"name":"A","count":1,"size":"M"}', form, 'The field "size" must be one of "S", "L".'],
  ['{broken', form, 'Please answer as JSON'],
  ['many', one({ type: 'integer' }), 'The field "field" must be of the type integer.'],
])('%j is not what the form asks for, and it is said why', (text, schema, summary) => {
  expect(readAnswer(text, schema)).toEqual({ ok: false, summary: expect.stringContaining(summary) });
});
