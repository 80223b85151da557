import type { NewEvent } from '@batuta/contract';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/domain/run/apply.ts';
import { decide, type Action, type Facts } from '../../src/domain/run/decide.ts';
import { nextStatus, transitions } from '../../src/domain/run/transitions.ts';
import { placed } from './arbitrary-event.ts';

const usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
};
const started: NewEvent = {
  kind: 'run-started',
  data: { agent: 'a', definition_hash: 'h', deadline_at: '2023-11-14T22:15:00.000Z' },
};
const beforeDeadline = Date.parse('2023-11-14T22:14:00.000Z');

function asks(callId: string, text = '{}'): NewEvent {
  return {
    kind: 'model-call-settled',
    data: {
      message_id: 'msg_1',
      model: 'm',
      parts: [{ type: 'tool-call', call_id: callId, tool: 't', arguments: text }],
      finish_reason: 'tool-calls',
      usage,
      cost_micros: 0,
      first_token_ms: 0,
      duration_ms: 0,
    },
  };
}

function settled(callId: string, content = 'same', outcome: 'succeeded' | 'failed' = 'succeeded'): NewEvent {
  return {
    kind: 'tool-call-settled',
    data: { call_id: callId, tool: 't', outcome, content, duration_ms: 0 },
  };
}

function answers(text: string): NewEvent {
  const event = asks('x');
  if (event.kind === 'model-call-settled') event.data.parts = [{ type: 'text', text }];
  return event;
}

function decided(events: NewEvent[], facts: Partial<Facts> = {}): Action {
  const state = fold('ses_1', placed([started, ...events]));
  return decide(state, state.run!, {
    now: beforeDeadline,
    dueAt: 0,
    turnLimit: 40,
    minuteLimit: 10,
    progress: { repeatedCalls: 3, repeatedErrors: 3 },
    cancel: null,
    fail: null,
    historyTooLong: false,
    ...facts,
  });
}

describe('the next step', () => {
  it('is a model call at the start', () => {
    expect(decided([]).kind).toBe('call-model');
  });

  it('is the tools that the model asked for', () => {
    expect(decided([asks('c1')])).toMatchObject({ kind: 'run-tools', calls: [{ callId: 'c1' }] });
  });

  it('is the end when the model answered without asking for anything', () => {
    expect(decided([answers('hello')])).toMatchObject({
      kind: 'finish',
      ending: { status: 'succeeded', text: 'hello' },
    });
  });

  it('is another model call when a message came after the answer', () => {
    const message: NewEvent = {
      kind: 'message-added',
      data: { message_id: 'msg_2', origin: 'steering', parts: [{ type: 'text', text: 'and?' }] },
    };
    expect(decided([answers('hello'), message]).kind).toBe('call-model');
  });

  it('is cancelled before anything else', () => {
    const cancel = { reason: 'no', cancelledBy: 'me' };
    expect(decided([asks('c1')], { cancel })).toMatchObject({
      kind: 'finish',
      ending: { status: 'cancelled' },
    });
  });

  it('is the end when the time is over, and time spent waiting does not count', () => {
    const late = { now: Date.parse('2023-11-14T22:15:01.000Z') };
    expect(decided([], late)).toMatchObject({ ending: { error: { code: 'time-limit-reached' } } });
    const log = placed([started, { kind: 'run-suspended', data: { waiting_for: 'input' } }]);
    const resumed = {
      ...placed([{ kind: 'run-resumed', data: { waited_for: 'input' } }], 3)[0]!,
      at: '2023-11-15T22:13:20.001Z',
    };
    expect(fold('ses_1', [...log, resumed]).run?.deadlineAt).toBe(Date.parse('2023-11-15T22:15:00.000Z'));
  });

  it('is the end when all turns are used up', () => {
    const action = decided([asks('c1'), settled('c1')], { turnLimit: 1 });
    expect(action).toMatchObject({ ending: { status: 'failed', error: { code: 'turn-limit-reached' } } });
  });

  it('is to find out about a call that was claimed and never settled', () => {
    const claimed: NewEvent = {
      kind: 'tool-call-claimed',
      data: { call_id: 'c1', tool: 't', arguments_hash: 'h', idempotency_key: 'k', attempt: 1 },
    };
    expect(decided([asks('c1'), claimed])).toMatchObject({
      kind: 'resolve-calls',
      calls: [{ callId: 'c1' }],
    });
  });

  it('is to wait for a timer until its time, and to go on then', () => {
    const timer: NewEvent = {
      kind: 'timer-set',
      data: { call_id: 'c1', wake_at: '2023-11-14T22:14:30.000Z' },
    };
    const wakeAt = Date.parse('2023-11-14T22:14:30.000Z');
    expect(decided([asks('c1'), timer])).toEqual({ kind: 'wait', waitingFor: 'timer', until: wakeAt });
    expect(decided([asks('c1'), timer], { now: wakeAt }).kind).toBe('resolve-calls');
    expect(decided([asks('c1'), timer], { dueAt: wakeAt }).kind).toBe('resolve-calls');
  });
});

describe('the next step of a call that a person decides about', () => {
  const asked = (reason: 'policy' | 'unknown-outcome'): NewEvent => ({
    kind: 'approval-requested',
    data: {
      approval_id: 'apr_1',
      call_id: 'c1',
      tool: 't',
      reason,
      arguments_hash: 'h',
      arguments_preview: '{}',
      policy_version: 'v',
      needed_role: 'operator',
      labels: [],
      decisions: ['approve', 'deny'],
      expires_at: '2023-11-14T22:14:30.000Z',
    },
  });
  const made = (decision: 'approve' | 'deny' | 'repeat', approval_id = 'apr_1'): NewEvent => ({
    kind: 'approval-decided',
    data: { approval_id, call_id: 'c1', decision, decided_by: 'ana' },
  });
  const expiry = Date.parse('2023-11-14T22:14:30.000Z');

  it.each<[string, NewEvent[], Partial<Action>]>([
    ['wait until the expiry', [], { kind: 'wait', waitingFor: 'approval', until: expiry }],
    ['execute it once it is approved', [made('approve')], { kind: 'run-tools' }],
    ['carry out a denial', [made('deny')], { kind: 'resolve-calls' }],
    ['go on waiting when another approval was decided', [made('approve', 'apr_2')], { kind: 'wait' }],
    ['heed the first decision only', [made('deny'), made('approve')], { kind: 'resolve-calls' }],
  ])('is to %s', (_, events, action) => {
    expect(decided([asks('c1'), asked('policy'), ...events])).toMatchObject(action);
  });

  it('is to carry out the expiry when its time has come', () => {
    expect(decided([asks('c1'), asked('policy')], { now: expiry }).kind).toBe('resolve-calls');
  });

  it('is to carry out what a person found out about an unknown outcome', () => {
    const events = [asks('c1'), asked('unknown-outcome'), made('repeat')];
    expect(decided(events)).toMatchObject({ kind: 'resolve-calls' });
  });
});

describe('the progress guard', () => {
  const same = (count: number) =>
    Array.from({ length: count }, (_, index) => [asks(`c${index}`), settled(`c${index}`)]).flat();

  it('warns at the third equal call and stops at the next', () => {
    expect(decided(same(2)).kind).toBe('call-model');
    expect(decided(same(3))).toMatchObject({ kind: 'warn', stall: { pattern: 'repeated-call', count: 3 } });
    const warned: NewEvent = {
      kind: 'progress-warned',
      data: { pattern: 'repeated-call', tool: 't', count: 3 },
    };
    expect(decided([...same(3), warned, asks('n', '{"other":1}'), settled('n')]).kind).toBe('call-model');
    expect(decided([...same(3), warned, ...same(1)])).toMatchObject({
      ending: { error: { code: 'progress-stalled' } },
    });
  });

  it('lets a call be repeated whose result changes', () => {
    const polls = Array.from({ length: 6 }, (_, index) => [
      asks(`c${index}`),
      settled(`c${index}`, `${index} %`),
    ]).flat();
    expect(decided(polls).kind).toBe('call-model');
  });

  it('sees the same error behind different arguments', () => {
    const errors = [1, 2, 3].flatMap((n) => [
      asks(`c${n}`, `{"n":${n}}`),
      settled(`c${n}`, 'refused', 'failed'),
    ]);
    expect(decided(errors)).toMatchObject({ kind: 'warn', stall: { pattern: 'repeated-error' } });
  });

  it('sees two calls that alternate', () => {
    const turns = [1, 2, 3, 4, 5, 6].flatMap((n) => [
      asks(`c${n}`, `{"n":${n % 2}}`),
      settled(`c${n}`, String(n % 2)),
    ]);
    expect(decided(turns)).toMatchObject({ kind: 'warn', stall: { pattern: 'oscillation', count: 3 } });
  });
});

describe('the transition table', () => {
  it('has one target for each state and cause', () => {
    const keys = transitions.map((edge) => `${edge.from}/${edge.cause}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('lets nothing leave an ended run but a retry of a failed one', () => {
    const left = transitions.filter((edge) => ['succeeded', 'failed', 'cancelled'].includes(edge.from ?? ''));
    expect(left.map((edge) => edge.cause)).toEqual(['retry']);
    expect(nextStatus('failed', 'retry')).toBe('queued');
    expect(() => nextStatus('succeeded', 'retry')).toThrow(/cannot retry/);
  });
});

describe('a run whose workers are lost again and again', () => {
  const recovered: NewEvent = { kind: 'run-recovered', data: { cause: 'lease-expired', lost_epoch: 1 } };
  const lost = (times: number) => Array.from({ length: times }, () => recovered);

  it('is given up after eight times in a row', () => {
    expect(decided(lost(7)).kind).toBe('call-model');
    expect(decided(lost(8))).toMatchObject({
      kind: 'finish',
      ending: { status: 'failed', error: { code: 'recovery-exhausted', data: { count: 8 } } },
    });
  });

  it('goes on as long as there is a step forward in between', () => {
    const forward = [asks('c1'), settled('c1')];
    expect(decided([...lost(7), ...forward, ...lost(7)]).kind).toBe('call-model');
  });
});
