import type { Frame, FrameSink } from '../../../application/stream/frame.ts';
import type { StreamWriter, StreamWriterEvents } from './stream-writer.ts';

/** Milliseconds after which a client shall connect again. */
const retryMs = 1000;
const retryHint = `retry: ${retryMs}\n\n`;
/** A client that is this far behind is cut: it comes back with its cursor. In UTF-16 units and bytes, whichever applies. */
const mostPending = 1_048_576;
/** Below this a replay goes on. */
const littlePending = 65_536;

/** What a stream needs from the set of all streams. */
export interface StreamHost {
  /** Calls `flush` of this stream at the end of the present turn of the event loop, together with all others. */
  flushSoon(stream: EventStream): void;
  remove(stream: EventStream): void;
  cut(stream: EventStream): void;
}

/**
 * One client's stream of server-sent events. Its states:
 *
 * - `waiting`: the target is being looked up, or its first frame is not there yet. Frames are kept. An error can still be
 *   answered as a problem. Left by `open`.
 * - `open`: the answer has begun; frames are kept until the end of the turn of the event loop and then written together.
 *   Left by the end of what is followed, by the server's stop, by a client that is too slow, or by one that went away.
 * - `ending`: no further frame is taken; what is kept is still sent. A client that does not take it is dropped by the second
 *   sweep of the host after it. Left when all is sent.
 * - `closed`: nothing is sent, following has stopped.
 */
export class EventStream implements FrameSink, StreamWriterEvents {
  /** Ends with the first frame or the end, before which the answer need not begin. */
  readonly begun: Promise<void>;
  readonly #host: StreamHost;
  #state: 'waiting' | 'open' | 'ending' | 'closed' = 'waiting';
  #kept = '';
  #isEndKept = false;
  #hasFrames = false;
  #isFlushDue = false;
  #wasQuiet = true;
  #sweepsSinceEnd = 0;
  #writer: StreamWriter | undefined;
  #stopFollowing: (() => void) | undefined;
  #whenDrained: PromiseWithResolvers<void> | undefined;
  readonly #begin: () => void;

  constructor(host: StreamHost) {
    this.#host = host;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.begun = promise;
    this.#begin = resolve;
  }

  /** True when there was nothing to send and there never will be. */
  get isEmpty(): boolean {
    return this.#isEndKept && !this.#hasFrames;
  }

  /** Takes the way to stop what feeds this stream; at once when the stream has ended meanwhile. */
  follow(stop: () => void): void {
    if (this.#state === 'ending' || this.#state === 'closed' || this.#isEndKept) stop();
    else this.#stopFollowing = stop;
  }

  /** Begins the answer. */
  open(writer: StreamWriter): void {
    this.#writer = writer;
    if (this.#state === 'closed') return writer.destroy();
    this.#state = 'open';
    writer.write(retryHint + this.#kept);
    this.#kept = '';
    if (this.#isEndKept) this.#finish();
    else if (this.#pending <= littlePending) this.#tellDrained();
  }

  write(frame: Frame): void {
    if (this.#state === 'ending' || this.#state === 'closed' || this.#isEndKept) return;
    if (this.#state === 'open' && this.#pending > mostPending) return this.#host.cut(this);
    this.#hasFrames = true;
    this.#kept += `id: ${frame.id}\nevent: ${frame.event}\ndata: ${frame.data}\n\n`;
    this.#begin();
    this.#flushSoon();
  }

  end({ retry }: { retry: boolean }): void {
    if (this.#isEndKept || this.#state === 'ending' || this.#state === 'closed') return;
    if (retry) this.#kept += retryHint;
    this.#isEndKept = true;
    this.#begin();
    if (this.#state === 'open') this.#finish();
  }

  drained(): Promise<void> | undefined {
    if (this.#state === 'closed' || this.#state === 'ending' || this.#pending <= littlePending)
      return undefined;
    this.#whenDrained ??= Promise.withResolvers<void>();
    return this.#whenDrained.promise;
  }

  /** Called by the host at the end of a turn of the event loop. */
  flush(): void {
    this.#isFlushDue = false;
    if (this.#state !== 'open' || this.#kept === '') return;
    this.#wasQuiet = false;
    this.#writer?.write(this.#kept);
    this.#kept = '';
    if (this.#pending <= littlePending) this.#tellDrained();
  }

  /** Called by the host now and then: keeps a quiet connection alive, drops a client that takes nothing any more. */
  sweep(): void {
    if (this.#state === 'ending' && ++this.#sweepsSinceEnd > 1) return this.#writer?.destroy();
    if (this.#state === 'open' && this.#wasQuiet) this.#writer?.write(':\n\n');
    this.#wasQuiet = true;
  }

  /** The writer has room again. */
  writerDrained(): void {
    this.#tellDrained();
  }

  /** The client went away, or everything was sent. */
  writerClosed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#kept = '';
    this.#release();
    this.#host.remove(this);
  }

  /** Gives the stream up before its answer began. */
  abandon(): void {
    if (this.#writer === undefined) this.writerClosed();
  }

  get #pending(): number {
    return this.#kept.length + (this.#writer?.pending ?? 0);
  }

  #flushSoon(): void {
    if (this.#isFlushDue || this.#state !== 'open') return;
    this.#isFlushDue = true;
    this.#host.flushSoon(this);
  }

  #finish(): void {
    this.flush();
    this.#state = 'ending';
    this.#release();
    this.#writer?.end();
  }

  #release(): void {
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
    this.#tellDrained();
  }

  #tellDrained(): void {
    this.#whenDrained?.resolve();
    this.#whenDrained = undefined;
  }
}
