import { BatutaError } from '@batuta/contract';
import type { Clock } from '../../../port/clock.ts';
import type { Log } from '../../../port/log.ts';
import { EventStream, type StreamHost } from './event-stream.ts';

/** Proxies close connections on which nothing moves, most after 60 s or 30 s. */
const heartbeatMs = 15_000;

/** All streams of this process: one heartbeat and one flush for all of them. */
export class OpenStreams implements StreamHost {
  readonly #streams = new Set<EventStream>();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limit: number;
  #dirty: EventStream[] = [];
  #heartbeat: AbortController | undefined;

  constructor({ clock, log, limit }: { clock: Clock; log: Log; limit: number }) {
    this.#clock = clock;
    this.#log = log;
    this.#limit = limit;
  }

  get count(): number {
    return this.#streams.size;
  }

  /** Makes a stream. Errors: `streams-full`. */
  add(): EventStream {
    if (this.#streams.size >= this.#limit) {
      throw new BatutaError('streams-full', { limit: this.#limit, retry_after_seconds: 5 });
    }
    const stream = new EventStream(this);
    this.#streams.add(stream);
    if (this.#heartbeat === undefined) this.#startHeartbeat();
    return stream;
  }

  remove(stream: EventStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    this.#heartbeat?.abort();
    this.#heartbeat = undefined;
  }

  cut(stream: EventStream): void {
    this.#log.info('a client reads its stream too slowly: it has to connect again');
    stream.end({ retry: true });
  }

  flushSoon(stream: EventStream): void {
    if (this.#dirty.push(stream) === 1) setImmediate(() => this.#flush());
  }

  /** Ends all streams with the hint to connect again, to another process or to this one after its restart. */
  end(): void {
    for (const stream of this.#streams) stream.end({ retry: true });
  }

  #flush(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const stream of dirty) stream.flush();
  }

  #startHeartbeat(): void {
    const controller = new AbortController();
    this.#heartbeat = controller;
    void this.#beat(controller.signal);
  }

  async #beat(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#clock.sleep(heartbeatMs, signal);
      if (signal.aborted) return;
      for (const stream of this.#streams) stream.sweep();
    }
  }
}
