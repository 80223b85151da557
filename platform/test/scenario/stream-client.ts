import { eventSchema, messageResetSchema, textDeltaSchema, type Event } from '@batuta/contract';
import type { Frame, StreamTarget } from '@batuta/platform/composition';
import type { TestPlatform } from '@batuta/testkit/platform';

/** How a connection ended: the client left, or the stream did. */
export type Parting = 'left' | { retry: boolean };

/**
 * A client that does what the contract of streams says and nothing more: it concatenates deltas, drops a message's text at a reset, and comes
 * back with the cursor of its last frame. What it has is checked at each frame.
 */
export class StreamClient {
  readonly events: Event[] = [];
  readonly texts = new Map<string, string>();
  readonly resets: string[] = [];
  /** What was wrong with the frames; must stay empty. */
  readonly faults: string[] = [];
  readonly #onFrame: (frame: Frame) => void;
  #cursor: string | undefined;

  constructor(onFrame: (frame: Frame) => void = () => undefined) {
    this.#onFrame = onFrame;
  }

  /** Follows until the stream ends, or leaves after so many frames. */
  async connect(platform: TestPlatform, target: StreamTarget, leaveAfter = Infinity): Promise<Parting> {
    const over = Promise.withResolvers<Parting>();
    let left = leaveAfter;
    const write = (frame: Frame) => {
      if (left <= 0) return;
      this.#take(frame);
      left -= 1;
      if (left <= 0) over.resolve('left');
      this.#onFrame(frame);
    };
    if (left <= 0) over.resolve('left');
    const after = this.#cursor === undefined ? {} : { after: this.#cursor };
    const { streams } = platform.application;
    const sink = { write, end: over.resolve };
    const stop = await streams.follow(platform.identity, { ...target, ...after }, sink);
    const parting = await over.promise;
    stop();
    return parting;
  }

  #take(frame: Frame): void {
    this.#cursor = frame.id;
    const data: unknown = JSON.parse(frame.data);
    if (frame.event === 'text-delta') this.#takeDelta(textDeltaSchema.parse(data));
    else if (frame.event === 'message-reset') this.#takeReset(messageResetSchema.parse(data));
    else this.#takeEvent(eventSchema.parse(data) as Event);
  }

  #takeDelta(delta: { message_id: string; offset: number; text: string }): void {
    const have = this.texts.get(delta.message_id) ?? '';
    if (delta.offset !== have.length) {
      this.faults.push(`offset ${delta.offset} of ${delta.message_id} where ${have.length} was expected`);
    }
    this.texts.set(delta.message_id, have + delta.text);
  }

  #takeReset({ message_id: id }: { message_id: string }): void {
    if (!this.texts.delete(id)) this.faults.push(`reset of ${id}, which has no text`);
    this.resets.push(id);
  }

  #takeEvent(event: Event): void {
    const last = this.events.at(-1)?.seq ?? 0;
    if (event.seq <= last) this.faults.push(`event ${event.seq} after ${last}`);
    this.events.push(event);
    if (event.kind !== 'model-call-settled') return;
    const text = event.data.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const have = this.texts.get(event.data.message_id) ?? '';
    if (have !== text) this.faults.push(`"${have}" where the log has "${text}"`);
  }
}
