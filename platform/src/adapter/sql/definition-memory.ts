import type { NewRun } from '../../port/run-record.ts';

const capacity = 1000;

/** Which agent definitions are known to be stored, so that they are not sent again with every run. They are never removed. */
export class DefinitionMemory {
  readonly #stored = new Set<string>();

  isStored(run: NewRun): boolean {
    return this.#stored.has(keyOf(run));
  }

  /** Called after a transaction that stored the run. */
  remember(run: NewRun): void {
    if (this.#stored.size >= capacity) this.#stored.clear();
    this.#stored.add(keyOf(run));
  }
}

function keyOf(run: NewRun): string {
  return `${run.tenantId} ${run.definition.hash}`;
}
