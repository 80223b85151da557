import type { NewEvent } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { ToolProgress } from '../../port/tool.ts';
import type { Staged } from './turn-journal.ts';

/** Time between two reports of one call that are told. */
const betweenReportsMs = 1_000;
const mostReports = 500;
const longestMessage = 1_000;

/** What calls under way want to have in the log. */
export interface DeskItem {
  events: NewEvent[];
  rows?: Partial<Staged>;
}

interface Reporting {
  latest: NewEvent | null;
  told: number;
  stopTimer: (() => void) | null;
}

/**
 * Where calls that are under way hand in what belongs into the log: how far they have come, what they ask a person. Only the loop that holds the
 * journal writes; it is woken when there is something. Of reports that come too fast the latest counts.
 */
export class CallDesk {
  readonly #clock: Clock;
  readonly #reporting = new Map<string, Reporting>();
  #items: DeskItem[] = [];
  /** Called when something is there to be taken. */
  wake: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  hand(item: DeskItem): void {
    this.#items.push(item);
    this.wake();
  }

  take(): DeskItem[] {
    return this.#items.splice(0);
  }

  report(call: { callId: string; tool: string }, { message, share }: ToolProgress): void {
    const reporting = this.#reporting.get(call.callId) ?? { latest: null, told: 0, stopTimer: null };
    this.#reporting.set(call.callId, reporting);
    const text = message.slice(0, longestMessage).toWellFormed();
    const known =
      share === undefined || Number.isNaN(share) ? {} : { share: Math.min(1, Math.max(0, share)) };
    reporting.latest = {
      kind: 'tool-call-progressed',
      data: { call_id: call.callId, tool: call.tool, message: text, ...known },
    };
    if (reporting.stopTimer === null) this.#tell(reporting);
  }

  /** The call has ended: what it has not told is told by its result. */
  ended(callId: string): void {
    this.#reporting.get(callId)?.stopTimer?.();
    this.#reporting.delete(callId);
  }

  #tell(reporting: Reporting): void {
    reporting.stopTimer = null;
    if (reporting.latest === null || reporting.told >= mostReports) return;
    reporting.told += 1;
    reporting.stopTimer = this.#clock.after(betweenReportsMs, () => this.#tell(reporting));
    this.hand({ events: [reporting.latest] });
    reporting.latest = null;
  }
}
