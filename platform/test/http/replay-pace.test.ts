import { withPlatform } from '@batuta/testkit/platform';
import { expect, test } from 'vitest';
import type { FrameSink } from '../../src/application/stream/frame.ts';
import type { EventLog, StoredEvent } from '../../src/port/event-log.ts';

/** Makes a log look as if it had so many events; gives back where each page began. */
function lengthen(log: EventLog, template: StoredEvent, length: number): number[] {
  const reads: number[] = [];
  log.read = async (_tenantId, _sessionId, { afterSeq, limit }) => {
    reads.push(afterSeq);
    const count = Math.min(limit, length - afterSeq);
    return Array.from({ length: count }, (_, index) => ({ ...template, seq: afterSeq + index + 1 }));
  };
  return reads;
}

/** A client that has no room after the first page until it is given some. */
class FullSink implements FrameSink {
  readonly ids: string[] = [];
  readonly isFull = Promise.withResolvers<void>();
  readonly hasRoom = Promise.withResolvers<void>();
  readonly hasAll = Promise.withResolvers<void>();

  write({ id }: { id: string }): void {
    if (this.ids.push(id) === 700) this.hasAll.resolve();
  }

  end(): void {
    this.hasAll.resolve();
  }

  drained(): Promise<void> {
    this.isFull.resolve();
    return this.hasRoom.promise;
  }
}

test('a replay reads the next page of a long log only when the client has taken the one before', async () => {
  await withPlatform({ model: [{ text: 'Done.' }] }, async (platform) => {
    const { identity, stores, application } = platform;
    const { session_id: sessionId } = await platform.run('Hi');
    const [first] = await stores.events.read(identity.tenantId, sessionId, { afterSeq: 0, limit: 1 });
    const reads = lengthen(stores.events, first!, 700);
    const sink = new FullSink();
    const stop = await application.streams.follow(identity, { sessionId }, sink);
    await sink.isFull.promise;
    expect([reads, sink.ids.length]).toEqual([[0], 500]);
    sink.hasRoom.resolve();
    await sink.hasAll.promise;
    expect(reads.slice(0, 2)).toEqual([0, 500]);
    stop();
  });
});
