import type { Event } from '@batuta/contract';

/** Events kept of one session; older ones are read from the log. */
const mostEvents = 256;

/**
 * The last events of sessions whose runs are driven in this process. While a run is driven here nobody else writes to its log, so
 * what is kept is the end of the log, and a client that comes now need not ask the database for it.
 */
export class RecentEvents {
  readonly #bySession = new Map<string, Event[]>();

  /** Adds what a commit of this process has written. */
  add(sessionId: string, events: readonly Event[]): void {
    const kept = this.#bySession.get(sessionId);
    const follows = kept?.at(-1)?.seq === (events[0]?.seq ?? 0) - 1;
    const all = kept && follows ? kept : [];
    all.push(...events);
    if (all.length > mostEvents) all.splice(0, all.length - mostEvents);
    if (all !== kept) this.#bySession.set(sessionId, all);
  }

  /** The events after `seq` to the end of the log; undefined when that is not known here. */
  after(sessionId: string, seq: number): readonly Event[] | undefined {
    const kept = this.#bySession.get(sessionId);
    const [first] = kept ?? [];
    return kept && first && first.seq <= seq + 1 ? kept.filter((event) => event.seq > seq) : undefined;
  }

  /** Whether a run of the session is driven here. */
  knows(sessionId: string): boolean {
    return this.#bySession.has(sessionId);
  }

  /** The run is let go: others may write from now on. */
  forget(sessionId: string): void {
    this.#bySession.delete(sessionId);
  }
}
