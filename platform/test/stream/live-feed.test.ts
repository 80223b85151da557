import { expect, it } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { LiveFeed, type Watcher } from '../../src/application/stream/live-feed.ts';
import type { Bus, BusMessage } from '../../src/port/bus.ts';
import { placed } from '../domain/arbitrary-event.ts';

const session = 'ses_1';

const events = placed([{ kind: 'note-added', data: { topic: 't', data: {} } }], 1);

const watcher: Watcher = {
  events: () => undefined,
  advanced: () => undefined,
  partial: () => undefined,
  reset: () => undefined,
};

/** A feed whose process is not alone, and what it says to the others. */
function makeFeed(): { feed: LiveFeed; said: BusMessage[] } {
  const said: BusMessage[] = [];
  const bus: Bus = {
    remote: true,
    maxTextBytes: 6_000,
    publish: (message) => void said.push(message),
    subscribe: () => () => undefined,
    onReconnect: () => () => undefined,
    close: async () => undefined,
  };
  return { feed: new LiveFeed({ bus, clock: systemClock }), said };
}

it('asks other processes for the text of a run that is driven elsewhere', () => {
  const { feed, said } = makeFeed();
  feed.request(session, watcher);
  expect(said).toEqual([{ kind: 'session-wanted', sessionId: session }]);
});

it('asks nobody while the run is driven here, and others once it is let go', () => {
  const { feed, said } = makeFeed();
  feed.watch(session, watcher);
  feed.committed(session, events);
  feed.request(session, watcher);
  expect(said).toEqual([]);
  feed.letGo(session);
  expect(said).toEqual([{ kind: 'session-wanted', sessionId: session }]);
});
