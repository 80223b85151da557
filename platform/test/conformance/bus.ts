import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bus, BusMessage } from '../../src/port/bus.ts';

/** What the tests of a bus need of its server. */
export interface BusServer {
  connect(): Promise<Bus>;
  /** Breaks all connections to the bus; they may be made anew at once. */
  interrupt(): Promise<void>;
  /** Sends a text that no platform sent. */
  sendForeign(text: string): Promise<void>;
}

const patienceMs = 10_000;

function advanced(seq: number): BusMessage {
  return { kind: 'session-advanced', sessionId: 'ses_1', seq };
}

/** What the fan-out between processes must do, whatever carries it. */
export function describeBus(server: () => BusServer): void {
  describe('bus', () => {
    let sender: Bus;
    let receiver: Bus;
    let received: BusMessage[];
    let arrivals: EventTarget;

    beforeEach(async () => {
      [sender, receiver] = await Promise.all([server().connect(), server().connect()]);
      received = [];
      arrivals = new EventTarget();
      receiver.subscribe((message) => {
        received.push(message);
        arrivals.dispatchEvent(new Event('arrival'));
      });
    });

    afterEach(async () => {
      await Promise.all([sender.close(), receiver.close()]);
    });

    async function untilReceived(count: number): Promise<void> {
      const signal = AbortSignal.timeout(patienceMs);
      while (received.length < count) await once(arrivals, 'arrival', { signal });
    }

    test('carries every kind of message', async () => {
      const messages: BusMessage[] = [
        { kind: 'run-queued', runId: 'run_1' },
        { kind: 'run-signalled', runId: 'run_1' },
        advanced(3),
        { kind: 'session-wanted', sessionId: 'ses_1' },
        { kind: 'message-reset', sessionId: 'ses_1', afterSeq: 3, messageId: 'msg_1' },
      ];
      for (const message of messages) sender.publish(message);
      await untilReceived(messages.length);
      expect(received).toEqual(messages);
    });

    test('does not give a process its own messages', async () => {
      const own: BusMessage[] = [];
      sender.subscribe((message) => own.push(message));
      sender.publish(advanced(1));
      await untilReceived(1);
      receiver.publish(advanced(2));
      await expect.poll(() => own).toEqual([advanced(2)]);
    });

    test('keeps the order of a burst and loses nothing of it', async () => {
      const burst = Array.from({ length: 2000 }, (_, index) => advanced(index + 1));
      for (const message of burst) sender.publish(message);
      await untilReceived(burst.length);
      expect(received).toEqual(burst);
    });

    test('carries the largest text, also one that JSON makes many times larger', async () => {
      const texts = ['a', '"', '\u0001', 'ñ', '🎵'].map((unit) => {
        const units = Math.floor(sender.maxTextBytes / Buffer.byteLength(unit));
        return unit.repeat(Math.min(units, 20_000));
      });
      for (const [afterSeq, text] of texts.entries()) {
        sender.publish({ kind: 'message-text', sessionId: 's', afterSeq, messageId: 'm', offset: 7, text });
      }
      const assemble = (): string[] => {
        const parts = texts.map(() => '');
        for (const message of received) {
          if (message.kind !== 'message-text') continue;
          expect(message.offset).toBe(7 + (parts[message.afterSeq] ?? '').length);
          parts[message.afterSeq] += message.text;
        }
        return parts;
      };
      await expect.poll(assemble, { timeout: patienceMs }).toEqual(texts);
    });

    test('passes over what no platform sent', async () => {
      for (const text of ['', 'not json', 'null', '{}', '{"messages":7}']) await server().sendForeign(text);
      sender.publish(advanced(1));
      await untilReceived(1);
      expect(received).toEqual([advanced(1)]);
    });

    test('connects again by itself and tells those who follow something', async () => {
      const again = Promise.all(
        [sender, receiver].map((bus) => new Promise<void>((resolve) => bus.onReconnect(resolve))),
      );
      await server().interrupt();
      sender.publish(advanced(1));
      await again;
      sender.publish(advanced(2));
      await expect.poll(() => received.at(-1)).toEqual(advanced(2));
    });

    test('stops calling a handler that was taken away, and calls the others when one fails', async () => {
      const calls: string[] = [];
      const stop = receiver.subscribe(() => calls.push('stopped'));
      receiver.subscribe(() => calls.push('kept'));
      stop();
      sender.publish(advanced(1));
      await untilReceived(1);
      expect(calls).toEqual(['kept']);
    });

    test('sends what was published before it closes, and nothing after', async () => {
      sender.publish(advanced(1));
      const closing = sender.close();
      sender.publish(advanced(2));
      await closing;
      receiver.publish(advanced(3));
      await untilReceived(1);
      expect(received).toEqual([advanced(1)]);
    });
  });
}
