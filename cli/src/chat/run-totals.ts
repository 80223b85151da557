import type { Event } from '@batuta/contract';

/** What a run has used, counted from its events. */
export class RunTotals {
  tokens = 0;
  turns = 0;
  /** Null when a model had no known price. */
  costMicros: number | null = 0;
  #startedAt: number | undefined;
  #lastAt: number | undefined;

  count(event: Event): void {
    const at = Date.parse(event.at);
    this.#startedAt ??= at;
    this.#lastAt = at;
    if (event.kind !== 'model-call-settled') return;
    const { usage, cost_micros: cost } = event.data;
    this.turns += 1;
    this.tokens += usage.input_tokens + usage.output_tokens;
    this.costMicros = cost === null || this.costMicros === null ? null : this.costMicros + cost;
  }

  /** From the first event to the last one. */
  get durationMs(): number {
    return (this.#lastAt ?? 0) - (this.#startedAt ?? 0);
  }
}
