import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelHistory } from '../../src/domain/context/model-history.ts';
import { apply, fold } from '../../src/domain/run/apply.ts';
import { decide, type Facts } from '../../src/domain/run/decide.ts';
import { arbitraryLog, placed } from './arbitrary-event.ts';

const facts: Facts = {
  now: 1_700_000_005_000,
  dueAt: 0,
  turnLimit: 10,
  minuteLimit: 1,
  progress: { repeatedCalls: 3, repeatedErrors: 5 },
  cancel: null,
  fail: null,
  historyTooLong: false,
};

describe('any sequence of events', () => {
  it('folds to a state from which a decision follows', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        const state = fold('ses_1', log);
        expect(state.lastSeq).toBe(log.length);
        if (!state.run) throw new Error('the log begins with run-started');
        expect(decide(state, state.run, facts).kind).toBeTypeOf('string');
      }),
    );
  });

  it('folds to the same state in one go and in pieces', () => {
    fc.assert(
      fc.property(arbitraryLog, fc.nat(60), (log, cut) => {
        const pieces = apply(fold('ses_1', log.slice(0, cut)), log.slice(cut));
        expect(pieces).toEqual(fold('ses_1', log));
      }),
    );
  });

  it('leaves the state that it is applied to as it was', () => {
    fc.assert(
      fc.property(arbitraryLog, fc.nat(60), (log, cut) => {
        const before = fold('ses_1', log.slice(0, cut));
        const copy = structuredClone(before);
        apply(before, log.slice(cut));
        expect(before).toEqual(copy);
      }),
    );
  });

  it('gives messages in which every call has exactly one result and nothing stands between', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        const { history } = fold('ses_1', log);
        const messages = modelHistory(history);
        for (const [index, message] of messages.entries()) {
          const next = messages[index + 1];
          const calls =
            message.role === 'assistant'
              ? message.parts.flatMap((part) => (part.type === 'tool-call' ? [part.call_id] : []))
              : [];
          const results = next?.role === 'tool' ? next.results.map((result) => result.callId) : [];
          expect(results).toEqual(calls);
        }
      }),
    );
  });
});

describe('what was approved', () => {
  it('for another session, or before it was copied, counts in none', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        for (const grant of fold('ses_1', log).grants) expect(grant.session_id).toBe('ses_1');
        for (const grant of fold('ses_2', log).grants) expect(grant.session_id).toBe('ses_2');
      }),
    );
  });

  it('counts only for a call that was asked about, or is covered, under just that approval', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        const named = new Set(
          log.flatMap(({ kind, data }) =>
            kind === 'approval-requested' || kind === 'approval-applied'
              ? [`${data.call_id} ${data.approval_id}`]
              : [],
          ),
        );
        const calls = fold('ses_1', log).run?.calls ?? [];
        const approved = calls.flatMap((call) =>
          call.approved ? [`${call.callId} ${call.approved.approvalId}`] : [],
        );
        expect(approved.filter((name) => !named.has(name))).toEqual([]);
        expect(calls.filter((call) => call.edited !== null && call.approved === null)).toEqual([]);
      }),
    );
  });
});

describe('a settled call', () => {
  const asked = placed([
    { kind: 'run-started', data: { agent: 'a', definition_hash: 'h' } },
    {
      kind: 'model-call-settled',
      data: {
        message_id: 'msg_1',
        model: 'm',
        parts: [{ type: 'tool-call', call_id: 'c1', tool: 'write', arguments: '{}' }],
        finish_reason: 'tool-calls',
        usage: {
          input_tokens: 1,
          cached_input_tokens: 0,
          cache_write_tokens: 0,
          output_tokens: 1,
          reasoning_tokens: 0,
        },
        cost_micros: 5,
        first_token_ms: 0,
        duration_ms: 0,
      },
    },
    {
      kind: 'tool-call-settled',
      data: { call_id: 'c1', tool: 'write', outcome: 'succeeded', content: 'first', duration_ms: 1 },
    },
    {
      kind: 'tool-call-settled',
      data: { call_id: 'c1', tool: 'write', outcome: 'failed', content: 'second', duration_ms: 1 },
    },
    {
      kind: 'tool-call-claimed',
      data: { call_id: 'c1', tool: 'write', arguments_hash: 'x', idempotency_key: 'k', attempt: 2 },
    },
  ]);

  it('keeps its first result', () => {
    const results = fold('ses_1', asked).history.flatMap((item) =>
      item.role === 'tool' ? [item.content] : [],
    );
    expect(results).toEqual(['first']);
  });

  it('is never executed again', () => {
    const state = fold('ses_1', asked);
    expect(state.run?.calls[0]?.status).toBe('settled');
    expect(decide(state, state.run!, facts)).toEqual({ kind: 'call-model' });
  });

  it('counts turns, usage and cost of the run', () => {
    const run = fold('ses_1', asked).run;
    expect([run?.turns, run?.usage.input_tokens, run?.costMicros]).toEqual([1, 1, 5]);
  });
});
