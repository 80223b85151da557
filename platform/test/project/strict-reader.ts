import type { Event } from '@batuta/contract';
import type { BatutaClient, StreamFrame } from '@batuta/sdk';

/**
 * Follows a run over HTTP as the contract of streams says and no more cleverly: it appends what it is given. Whatever would show a
 * character twice, or leave one out, is a fault.
 */
export class StrictReader {
  readonly events: Event[] = [];
  readonly texts = new Map<string, string>();
  /** Text that was shown before its message was in the log. */
  liveCharacters = 0;
  resets = 0;
  /** Must stay empty. */
  readonly faults: string[] = [];
  /** Resolves with the run's end. */
  readonly done: Promise<this>;
  #waiters: { isReady: () => boolean; resolve: () => void }[] = [];

  constructor(client: BatutaClient, runId: string, options: { signal?: AbortSignal } = {}) {
    this.done = this.#read(client.runs.events(runId, options));
  }

  /** All text that is shown. */
  get text(): string {
    return [...this.texts.values()].join('');
  }

  /** Kinds of the events, in order. */
  get kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }

  /** Resolves when this text is shown. */
  async shows(part: string): Promise<void> {
    await this.#until(() => this.text.includes(part));
  }

  /** Resolves when an event of this kind has come. */
  async hears(kind: Event['kind']): Promise<void> {
    await this.#until(() => this.events.some((event) => event.kind === kind));
  }

  async #read(frames: AsyncIterable<StreamFrame>): Promise<this> {
    for await (const frame of frames) {
      this.#take(frame);
      this.#wake();
    }
    return this;
  }

  #wake(): void {
    const ready = this.#waiters.filter((waiter) => waiter.isReady());
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }

  #until(isReady: () => boolean): Promise<void> {
    if (isReady()) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.push({ isReady, resolve });
    return promise;
  }

  #take(frame: StreamFrame): void {
    if (frame.type === 'text-delta') this.#append(frame.delta);
    else if (frame.type === 'message-reset') this.#drop(frame.reset.message_id);
    else this.#hear(frame.event);
  }

  #append({ message_id: id, offset, text }: { message_id: string; offset: number; text: string }): void {
    const shown = this.texts.get(id) ?? '';
    if (offset !== shown.length) this.faults.push(`offset ${offset} of ${id} after ${shown.length}`);
    this.texts.set(id, shown + text);
    this.liveCharacters += text.length;
  }

  #drop(id: string): void {
    if (!this.texts.delete(id)) this.faults.push(`reset of ${id}, which was not shown`);
    this.resets += 1;
  }

  #hear(event: Event): void {
    const last = this.events.at(-1)?.seq ?? 0;
    if (event.seq <= last) this.faults.push(`event ${event.seq} after ${last}`);
    this.events.push(event);
    if (event.kind !== 'model-call-settled') return;
    const text = event.data.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const shown = this.texts.get(event.data.message_id) ?? '';
    if (shown !== text) this.faults.push(`"${shown}" is shown where the log has "${text}"`);
  }
}
