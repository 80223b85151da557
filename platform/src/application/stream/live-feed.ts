import type { Event } from '@batuta/contract';
import type { PartialText } from '../../domain/stream/assemble-stream.ts';
import type { Bus, BusMessage } from '../../port/bus.ts';
import type { Clock } from '../../port/clock.ts';
import { RecentEvents } from './recent-events.ts';
import { RemoteText } from './remote-text.ts';

/** What a follower of a session is told. Contract: methods return at once and never throw. */
export interface Watcher {
  /** New events of the log, in order, without gaps among themselves. */
  events(events: readonly Event[]): void;
  /** The log has grown to `seq` somewhere else: read it. */
  advanced(seq: number): void;
  partial(text: PartialText): void;
  reset(messageId: string): void;
}

/** The unfinished message of a session whose run is driven in this process. */
export interface LiveMessage {
  /** Changes when the message is restarted. */
  readonly id: string;
  text(delta: string): void;
  /** Gives the text up; what follows belongs to a new message. */
  restart(id: string): void;
  /** The message is in the log, or was given up: it is no longer live. */
  close(): void;
}

interface Unfinished {
  afterSeq: number;
  messageId: string;
  text: string;
  /** What a model that was left behind still says belongs nowhere. */
  isClosed: boolean;
}

/** A place that no log reaches: whoever is told of it looks. */
const anything = Number.MAX_SAFE_INTEGER;

/** Sessions whose last place is remembered: more than are written to while a wish is on its way. */
const rememberedSessions = 4_096;

/** Milliseconds for which a session stays wanted after a process has said so; followers say it again every third of it. */
export const wantedMs = 15_000;

/**
 * What is going on in sessions right now. The log is the truth; this adds what is not in it yet, the text of unfinished messages,
 * and tells followers at once what was committed. Runs of this process are told directly; for followers in other processes the text goes
 * over the bus, but only while such a process says that it wants the session.
 */
export class LiveFeed {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #unfinished = new Map<string, Unfinished>();
  readonly #wanted = new Map<string, number>();
  /** Last places of the sessions to which this process has written lately, the latest last. */
  readonly #written = new Map<string, number>();
  readonly #recent = new RecentEvents();
  readonly #remote: RemoteText;

  constructor(context: { bus: Bus; clock: Clock }) {
    this.#bus = context.bus;
    this.#clock = context.clock;
    this.#remote = new RemoteText(context);
    this.#bus.subscribe((message) => this.#receive(message));
    this.#bus.onReconnect(() => this.#lookAgain());
  }

  /** Starts a message that builds on the log up to `afterSeq`. */
  begin(sessionId: string, afterSeq: number, messageId: string): LiveMessage {
    const unfinished: Unfinished = { afterSeq, messageId, text: '', isClosed: false };
    this.#unfinished.set(sessionId, unfinished);
    return {
      get id() {
        return unfinished.messageId;
      },
      text: (delta) => this.#append(sessionId, unfinished, delta),
      restart: (id) => this.#restart(sessionId, unfinished, id),
      close: () => this.#close(sessionId, unfinished),
    };
  }

  /** Tells followers what a commit of this process has written. */
  committed(sessionId: string, events: readonly Event[]): void {
    this.#recent.add(sessionId, events);
    this.#each(sessionId, (watcher) => watcher.events(events));
    const last = events.at(-1);
    if (last && this.#bus.remote) this.#remember(sessionId, last.seq);
    if (last && this.#isWanted(sessionId)) {
      this.#remote.flush(sessionId);
      this.#bus.publish({ kind: 'session-advanced', sessionId, seq: last.seq });
    }
  }

  /** The events after `seq` to the end of the log, where this process knows them because it drives the session's run. */
  recent(sessionId: string, seq: number): readonly Event[] | undefined {
    return this.#recent.after(sessionId, seq);
  }

  /** Whether the session's run is driven in this process, as far as this process knows. */
  isDrivenHere(sessionId: string): boolean {
    return this.#recent.knows(sessionId);
  }

  /** The session's run is no longer driven in this process: who follows it here may need others from now on. */
  letGo(sessionId: string): void {
    this.#recent.forget(sessionId);
    if (this.#bus.remote && this.#watchers.has(sessionId))
      this.#bus.publish({ kind: 'session-wanted', sessionId });
  }

  /** Tells followers that a run of the session has changed without an event. */
  changed(sessionId: string): void {
    this.#each(sessionId, (watcher) => watcher.advanced(anything));
    if (this.#bus.remote) this.#bus.publish({ kind: 'session-advanced', sessionId, seq: anything });
  }

  /** Follows a session. Returns the way to stop. */
  watch(sessionId: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(sessionId) ?? new Set();
    this.#watchers.set(sessionId, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(sessionId);
    };
  }

  /** Sends a follower the text that there is of the unfinished message, asking other processes where its run is not driven in this one. */
  request(sessionId: string, watcher: Watcher): void {
    const unfinished = this.#unfinished.get(sessionId);
    if (unfinished) watcher.partial({ ...unfinished, offset: 0 });
    else if (this.#bus.remote && !this.isDrivenHere(sessionId))
      this.#bus.publish({ kind: 'session-wanted', sessionId });
  }

  #append(sessionId: string, unfinished: Unfinished, delta: string): void {
    if (unfinished.isClosed) return;
    const offset = unfinished.text.length;
    unfinished.text += delta;
    const { afterSeq, messageId } = unfinished;
    this.#each(sessionId, (watcher) => watcher.partial({ afterSeq, messageId, offset, text: delta }));
    if (this.#isWanted(sessionId)) this.#remote.add(sessionId, { afterSeq, messageId, offset, text: delta });
  }

  #restart(sessionId: string, unfinished: Unfinished, id: string): void {
    if (unfinished.isClosed) return;
    const { afterSeq, messageId } = unfinished;
    unfinished.messageId = id;
    unfinished.text = '';
    this.#each(sessionId, (watcher) => watcher.reset(messageId));
    if (!this.#isWanted(sessionId)) return;
    this.#remote.drop(sessionId);
    this.#bus.publish({ kind: 'message-reset', sessionId, afterSeq, messageId });
  }

  #close(sessionId: string, unfinished: Unfinished): void {
    unfinished.isClosed = true;
    if (this.#unfinished.get(sessionId) === unfinished) this.#unfinished.delete(sessionId);
  }

  #receive(message: BusMessage): void {
    switch (message.kind) {
      case 'session-wanted':
        this.#want(message.sessionId);
        return;
      case 'session-advanced':
        this.#each(message.sessionId, (watcher) => watcher.advanced(message.seq));
        return;
      case 'message-text':
        this.#each(message.sessionId, (watcher) => watcher.partial(message));
        return;
      case 'message-reset':
        this.#each(message.sessionId, (watcher) => watcher.reset(message.messageId));
        return;
      default:
    }
  }

  #want(sessionId: string): void {
    const now = this.#clock.now();
    for (const [id, until] of this.#wanted) if (until < now) this.#wanted.delete(id);
    this.#wanted.set(sessionId, now + wantedMs);
    // What was written before the wish arrived was told to nobody: the follower may have read the log just before.
    const seq = this.#written.get(sessionId);
    if (seq !== undefined) this.#bus.publish({ kind: 'session-advanced', sessionId, seq });
    const unfinished = this.#unfinished.get(sessionId);
    if (!unfinished || unfinished.text === '') return;
    this.#remote.drop(sessionId);
    this.#remote.add(sessionId, { ...unfinished, offset: 0 });
  }

  #remember(sessionId: string, seq: number): void {
    this.#written.delete(sessionId);
    this.#written.set(sessionId, seq);
    if (this.#written.size <= rememberedSessions) return;
    for (const oldest of this.#written.keys()) {
      this.#written.delete(oldest);
      return;
    }
  }

  #isWanted(sessionId: string): boolean {
    if (this.#wanted.size === 0) return false;
    const until = this.#wanted.get(sessionId);
    return until !== undefined && until >= this.#clock.now();
  }

  #lookAgain(): void {
    for (const [sessionId, watchers] of this.#watchers) {
      this.#bus.publish({ kind: 'session-wanted', sessionId });
      for (const watcher of watchers) watcher.advanced(anything);
    }
  }

  #each(sessionId: string, tell: (watcher: Watcher) => void): void {
    const watchers = this.#watchers.get(sessionId);
    if (watchers) for (const watcher of watchers) tell(watcher);
  }
}
