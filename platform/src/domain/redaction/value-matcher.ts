import { encodingsOf, shortestKnown } from './encodings.ts';

/** A text that was found, and the label of what it is. */
export interface FoundValue {
  start: number;
  end: number;
  label: string;
}

interface Form {
  text: string;
  label: string;
}

const block = 3;
const window = shortestKnown;
const usualTableSize = 1 << 13;
const farthest = window - block + 1;

/**
 * Finds known values and their encodings in a text (after Wu and Manber): it looks at the three characters at the end of a window of
 * six and moves the window on by as much as no form of a value allows to stop before, mostly by four characters. The time
 * hardly depends on how many values there are.
 */
export class ValueMatcher {
  /** By the hash of three characters: how far the window may move on; 0: a form may begin at the window. */
  readonly #shifts: Uint8Array;
  /** By the hash of the last three characters of a form's first window; the longest first. */
  readonly #forms = new Map<number, Form[]>();
  readonly #known = new Set<string>();

  /** `tableSize`: a power of two; the more values there are, the larger a table keeps the search quick. */
  constructor(tableSize: number = usualTableSize) {
    this.#shifts = new Uint8Array(tableSize).fill(farthest);
  }

  /** Whether there is nothing to find. */
  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** From now on the value is found, in all its encodings. Values of fewer than six characters are not taken. */
  add(value: string, label: string): void {
    if (value.length < shortestKnown || this.#known.has(value)) return;
    this.#known.add(value);
    for (const text of encodingsOf(value)) this.#addForm({ text, label });
  }

  /** All that is found, from left to right, without overlaps. */
  find(text: string): FoundValue[] {
    const found: FoundValue[] = [];
    if (this.isEmpty) return found;
    let at = window - 1;
    while (at < text.length) {
      const shift = this.#shifts[this.#hashAt(text, at)] ?? 0;
      const value = shift === 0 ? this.#formAt(text, at) : undefined;
      if (value) found.push(value);
      at = value ? value.end + window - 1 : at + Math.max(1, shift);
    }
    return found;
  }

  #formAt(text: string, at: number): FoundValue | undefined {
    const start = at - window + 1;
    const form = this.#forms.get(this.#hashAt(text, at))?.find((each) => text.startsWith(each.text, start));
    return form && { start, end: start + form.text.length, label: form.label };
  }

  #addForm(form: Form): void {
    for (let end = block - 1; end < window; end += 1) {
      const hash = this.#hashAt(form.text, end);
      this.#shifts[hash] = Math.min(this.#shifts[hash] ?? 0, window - 1 - end);
    }
    const hash = this.#hashAt(form.text, window - 1);
    const forms = [...(this.#forms.get(hash) ?? []), form];
    this.#forms.set(
      hash,
      forms.toSorted((a, b) => b.text.length - a.text.length),
    );
  }

  #hashAt(text: string, end: number): number {
    const mixed = text.charCodeAt(end) ^ (text.charCodeAt(end - 1) << 5) ^ (text.charCodeAt(end - 2) << 10);
    return mixed & (this.#shifts.length - 1);
  }
}
