import {
  BatutaError,
  isEnded,
  parseCursor,
  type AccessEndReason,
  type Event,
  type StreamCursor,
} from '@batuta/contract';
import { upgradeEvent } from '../../domain/run/upgrade-event.ts';
import { StreamAssembler, type PartialText, type StreamItem } from '../../domain/stream/assemble-stream.ts';
import type { Bus } from '../../port/bus.ts';
import type { Clock } from '../../port/clock.ts';
import type { EventLog } from '../../port/event-log.ts';
import type { Log } from '../../port/log.ts';
import type { RunStore } from '../../port/run-store.ts';
import type { FrameSink } from './frame.ts';
import { wantedMs, type LiveFeed, type Watcher } from './live-feed.ts';
import { renderAccessEnded, renderFrame } from './render-frame.ts';

/** What following needs. */
export interface FollowContext {
  events: EventLog;
  runs: RunStore;
  feed: LiveFeed;
  bus: Bus;
  clock: Clock;
  log: Log;
}

/** A checked target: the session, the run that limits it, and where to begin. */
export interface CheckedTarget {
  tenantId: string;
  sessionId: string;
  runId: string | null;
  after: StreamCursor;
  /** Whether text of an unfinished message that follows `after` is the target's. */
  isInRun: boolean;
}

const pageSize = 500;

/** Milliseconds between looks at the log when a run may be driven by another process: the bus may lose messages. */
const lookMs = 2_000;

/**
 * One client following one session.
 *
 * States: *reading* (pages of the log are on their way to the client; what happens meanwhile is only noted) and *live* (the client
 * has the whole log; events and text are passed on as they come). A gap, or news of another process, leads back to reading. It
 * ends with the followed run, or when the client or the server stops it.
 */
export class StreamFollower implements Watcher {
  readonly #context: FollowContext;
  readonly #target: CheckedTarget;
  readonly #sink: FrameSink;
  readonly #assembler: StreamAssembler;
  readonly #stopped = new AbortController();
  #state: 'reading' | 'live' = 'reading';
  #readAgain = false;
  /** The last event belongs to the followed run, and so does the text that follows it. */
  #isInRun: boolean;
  /** Events of the followed run have been seen, and its end has not. */
  #isUnderWay = false;
  #unwatch: () => void = () => undefined;

  constructor(context: FollowContext, target: CheckedTarget, sink: FrameSink) {
    this.#context = context;
    this.#target = target;
    this.#sink = sink;
    this.#assembler = new StreamAssembler(target.after);
    this.#isInRun = target.isInRun;
  }

  /** Begins; frames may be written before this returns. */
  start(): void {
    const { feed, bus } = this.#context;
    this.#unwatch = feed.watch(this.#target.sessionId, this);
    if (bus.remote) void this.#keepWanted();
    const recent = feed.recent(this.#target.sessionId, this.#assembler.cursor.seq);
    for (const event of recent ?? []) this.#writeEvent(event);
    if (recent && this.#isUnderWay) this.#goLive();
    else void this.#read();
  }

  /** The client has gone. */
  stop(): void {
    this.#unwatch();
    // A reason that is no error: one would be made, with its stack, for every stream.
    this.#stopped.abort('stopped');
  }

  /** The server stops: the client shall come back with its cursor. */
  interrupt(): void {
    this.#end(true);
  }

  /** The client may no longer follow: it is told why, and nothing else. */
  refuse(reason: AccessEndReason): void {
    if (this.#isStopped) return;
    this.#sink.write(renderAccessEnded(reason, this.#assembler.cursor));
    this.#end(false);
  }

  events(events: readonly Event[]): void {
    if (this.#state === 'reading') {
      this.#readAgain = true;
      return;
    }
    const next = events.find((event) => event.seq > this.#assembler.cursor.seq);
    if (next && next.seq > this.#assembler.cursor.seq + 1) return this.#mustRead();
    for (const event of events) this.#writeEvent(event);
  }

  advanced(seq: number): void {
    if (seq > this.#assembler.cursor.seq) this.#mustRead();
  }

  partial(piece: PartialText): void {
    if (this.#state === 'reading' || !this.#isInRun) return;
    const taken = this.#assembler.partial(piece);
    if (taken.outcome === 'taken') this.#write(taken.items);
    if (taken.outcome !== 'gap') return;
    if (piece.afterSeq > this.#assembler.cursor.seq) this.#mustRead();
    else this.#context.feed.request(this.#target.sessionId, this);
  }

  reset(messageId: string): void {
    if (this.#state === 'live') this.#write(this.#assembler.reset(messageId));
  }

  #mustRead(): void {
    if (this.#state === 'reading') this.#readAgain = true;
    else void this.#read();
  }

  async #read(): Promise<void> {
    this.#state = 'reading';
    try {
      do {
        this.#readAgain = false;
        await this.#readPages();
      } while (this.#readAgain && !this.#isStopped);
      if (await this.#isOver()) {
        // Whatever the run wrote before it ended is in the log by now.
        await this.#readPages();
        return this.#end(false);
      }
      if (this.#readAgain) return await this.#read();
      if (this.#isStopped) return;
      this.#goLive();
    } catch (error) {
      this.#context.log.warn('a stream was ended because the log cannot be read', { error });
      this.#end(true);
    }
  }

  #goLive(): void {
    this.#state = 'live';
    this.#context.feed.request(this.#target.sessionId, this);
  }

  async #readPages(): Promise<void> {
    const { tenantId, sessionId } = this.#target;
    for (;;) {
      const range = { afterSeq: this.#assembler.cursor.seq, limit: pageSize };
      const page = await this.#context.events.read(tenantId, sessionId, range);
      for (const stored of page) this.#writeEvent(upgradeEvent(stored));
      if (page.length < pageSize || this.#isStopped) return;
      await this.#sink.drained?.();
    }
  }

  /** A run that nobody ever began has no events, and one that has ended may have been retried: then its row tells. */
  async #isOver(): Promise<boolean> {
    const { tenantId, runId } = this.#target;
    if (runId === null || this.#isStopped || this.#isUnderWay) return false;
    const run = await this.#context.runs.get(tenantId, runId);
    return run === undefined || isEnded(run.status);
  }

  /** While the session's run is driven in this process, the follower is told of everything directly. */
  async #keepWanted(): Promise<void> {
    const { bus, clock, feed } = this.#context;
    const { sessionId } = this.#target;
    let saidAt = Number.NEGATIVE_INFINITY;
    while (!this.#isStopped) {
      if (!feed.isDrivenHere(sessionId) && clock.now() - saidAt >= wantedMs / 3) {
        bus.publish({ kind: 'session-wanted', sessionId });
        saidAt = clock.now();
      }
      await clock.sleep(lookMs, this.#stopped.signal);
      if (!this.#isStopped && !feed.isDrivenHere(sessionId)) this.#mustRead();
    }
  }

  #writeEvent(event: Event): void {
    if (this.#isStopped) return;
    const items = this.#assembler.event(event);
    const { runId } = this.#target;
    this.#isInRun = runId === null || event.run_id === runId;
    if (!this.#isInRun) return;
    this.#isUnderWay = !isRunEnd(event);
    this.#write(items);
    // While reading, a retry may follow; afterwards the run's row is asked.
    if (runId !== null && this.#state === 'live' && isRunEnd(event)) this.#end(false);
  }

  #write(items: readonly StreamItem[]): void {
    if (this.#isStopped) return;
    for (const item of items) this.#sink.write(renderFrame(item));
  }

  #end(retry: boolean): void {
    if (this.#isStopped) return;
    this.stop();
    this.#sink.end({ retry });
  }

  get #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }
}

function isRunEnd(event: Event): boolean {
  return event.kind === 'run-succeeded' || event.kind === 'run-failed' || event.kind === 'run-cancelled';
}

/** Reads a client's cursor. Errors: `cursor-invalid`. */
export function readCursor(text: string | undefined): StreamCursor | undefined {
  if (text === undefined || text === '') return undefined;
  const cursor = parseCursor(text);
  if (!cursor) throw new BatutaError('cursor-invalid', { cursor: text.slice(0, 100) });
  return cursor;
}
