import { inspect } from 'node:util';
import type { LogFields } from '../../port/log.ts';

/** Milliseconds for which a line that says the same again is only counted. */
const quietMs = 10_000;

/** Different lines that are remembered; when there are more, the oldest is forgotten and written again. */
const remembered = 64;

/** Whether a line is written, and how often it was kept back before. */
export type Verdict = { isWritten: false } | { isWritten: true; keptBack: number };

/**
 * Counts lines that say exactly the same, so that a database that is down for an hour does not fill a disk. The first one is
 * written at once, then one each ten seconds, with the number of those between.
 */
export class Repeats {
  readonly #now: () => number;
  readonly #lines = new Map<string, { writtenAt: number; keptBack: number }>();

  /** `now`: milliseconds of any clock that only goes forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  judge(message: string, fields: LogFields): Verdict {
    const line = lineOf(message, fields);
    const known = this.#lines.get(line);
    const now = this.#now();
    if (known !== undefined && now - known.writtenAt < quietMs) {
      known.keptBack += 1;
      return { isWritten: false };
    }
    this.#lines.delete(line);
    this.#lines.set(line, { writtenAt: now, keptBack: 0 });
    this.#forgetOldest();
    return { isWritten: true, keptBack: known?.keptBack ?? 0 };
  }

  #forgetOldest(): void {
    if (this.#lines.size <= remembered) return;
    for (const oldest of this.#lines.keys()) {
      this.#lines.delete(oldest);
      return;
    }
  }
}

/** What a line says, without the stack of an error. */
function lineOf(message: string, fields: LogFields): string {
  const said = Object.entries(fields).map(([name, value]) => `${name}=${textOf(value)}`);
  return [message, ...said].join('\n');
}

function textOf(value: unknown): string {
  return value instanceof Error ? value.message : inspect(value);
}
