import type { RunError } from '@batuta/contract';
import type { StoredSignal } from '../../port/run-record.ts';

/** Why work in flight was stopped. */
export type Interruption = 'cancelled' | 'time-limit' | 'lease-lost' | 'stopped';

/**
 * What the outside world tells a run while its worker is busy with it.
 *
 * Signals are fetched when someone says that there are some, and taken up by the loop between two steps. A cancel does not wait for
 * that: it aborts what is in flight. A graceful stop lets the present step end (`stopping`); `stop-now` aborts it.
 */
export class RunControl {
  readonly #abort = new AbortController();
  #interruption: Interruption | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #signalListeners = new Set<(signal: StoredSignal) => void>();
  #inbox: StoredSignal[] = [];
  /** Signals stay in the store until a commit takes them, so that each fetch gives them again. */
  #receivedTo = 0;
  #cancel: { reason: string; cancelledBy: string } | null = null;
  #failure: RunError | null = null;
  #stopping = false;
  /** Someone said that signals wait in the store. */
  mustFetch = false;

  /** Calls back once when the run is interrupted, at once if it is already. Returns the way to stop listening. Cheaper than `signal`. */
  onInterruption(callback: () => void): () => void {
    if (this.#interruption !== null) callback();
    else this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Calls back for each signal that comes in, before the loop takes it. Returns the way to stop listening. */
  onSignal(callback: (signal: StoredSignal) => void): () => void {
    this.#signalListeners.add(callback);
    return () => this.#signalListeners.delete(callback);
  }

  /** Aborts with the run's work in flight. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get interruption(): Interruption | null {
    return this.#interruption;
  }

  get cancel(): { reason: string; cancelledBy: string } | null {
    return this.#cancel;
  }

  /** Set when someone outside ended the run as failed. */
  get failure(): RunError | null {
    return this.#failure;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  get hasSignals(): boolean {
    return this.#inbox.length > 0;
  }

  /** Keeps signals until the loop takes them; a cancel among them stops what is in flight. */
  receive(signals: readonly StoredSignal[]): void {
    const fresh = signals.filter((signal) => signal.id > this.#receivedTo);
    this.#inbox.push(...fresh);
    this.#receivedTo = fresh.at(-1)?.id ?? this.#receivedTo;
    for (const signal of fresh) for (const tell of this.#signalListeners) tell(signal);
    // A retry was asked for after the run had failed: a cancel from before it was meant for what has ended.
    const retried = this.#inbox.findLastIndex((signal) => signal.kind === 'retry');
    const valid = this.#inbox.slice(retried + 1);
    this.#failure ??= valid.find((signal) => signal.kind === 'fail')?.data.error ?? null;
    const cancel = valid.find((signal) => signal.kind === 'cancel');
    if (!cancel || this.#cancel) return;
    this.#cancel = cancel.data;
    this.interrupt('cancelled');
  }

  /** Hands the signals over, oldest first. */
  take(): StoredSignal[] {
    const taken = this.#inbox;
    this.#inbox = [];
    return taken;
  }

  /** Asks the loop to give the lease back at the next commit point. */
  stop(): void {
    this.#stopping = true;
  }

  /** Aborts what is in flight. The first interruption counts, except that a lost lease overrides all. */
  interrupt(cause: Interruption): void {
    if (this.#interruption === null || cause === 'lease-lost') this.#interruption = cause;
    if (cause === 'stopped') this.#stopping = true;
    this.#abort.abort(cause);
    for (const tell of this.#listeners) tell();
    this.#listeners.clear();
  }
}
