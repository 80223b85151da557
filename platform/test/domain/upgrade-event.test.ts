import { eventSchema, eventVersions, type JsonObject } from '@batuta/contract';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/domain/run/apply.ts';
import { upgradeEvent } from '../../src/domain/run/upgrade-event.ts';
import log from './fixture/log-version-1.json' with { type: 'json' };

const envelope = {
  sessionId: 'ses_0000000000000000000000000a',
  runId: 'run_0000000000000000000000000a',
  at: '2026-01-01T00:00:00.000Z',
};
// The fixture is JSON; its inferred type is narrower than what a log can hold.
const stored = log.map((event) => ({ ...event, ...envelope, data: event.data as JsonObject }));

describe('a log of the version before', () => {
  it('is lifted to events that the present schema accepts', () => {
    for (const event of stored.map(upgradeEvent)) expect(eventSchema.parse(event)).toEqual(event);
  });

  it('folds to a state that goes on', () => {
    const state = fold(envelope.sessionId, stored.map(upgradeEvent));
    expect(state.run).toMatchObject({
      turns: 1,
      costMicros: null,
      usage: { input_tokens: 20, cached_input_tokens: 0 },
    });
    expect(state.run?.calls[0]?.status).toBe('settled');
  });

  it('has a fixture for every kind whose version has grown', () => {
    const grown = Object.entries(eventVersions).filter(([, version]) => version > 1);
    expect(grown.map(([kind]) => kind)).toEqual(['model-call-settled', 'approval-requested']);
  });
});

describe('an event of another program version', () => {
  it('keeps its place when its kind is unknown', () => {
    const event = upgradeEvent({ ...stored[0]!, kind: 'memory-recalled', data: { items: 3 } });
    expect(event).toMatchObject({ seq: 1, kind: 'note-added', data: { topic: 'memory-recalled' } });
  });

  it('is read as it is when it is newer', () => {
    const newer = { ...stored[2]!, version: 9, data: { ...stored[2]!.data, extra: true } };
    expect(upgradeEvent(newer).version).toBe(9);
  });

  it('is refused with its place when it is older than every upgrader', () => {
    expect(() => upgradeEvent({ ...stored[2]!, version: 0 })).toThrow(
      /Event 3 of session .* no upgrader from version 0/,
    );
  });
});
