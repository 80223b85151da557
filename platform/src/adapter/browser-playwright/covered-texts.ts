/** Shorter texts stand in too many places: they are covered only where they are the whole of a field. */
const shortest = 4;

/** What must not be shown to the agent: secrets that were typed for it, and what a person has typed. */
export class CoveredTexts {
  readonly #texts = new Set<string>();
  readonly #fields = new Set<string>();

  add(text: string): void {
    if (text === '') return;
    this.#fields.add(text);
    if (text.length < shortest) return;
    for (const form of [text, encodeURIComponent(text), encodeURIComponent(text).replaceAll('%20', '+')])
      this.#texts.add(form);
  }

  /** Whether the value of a field is one of them, or has one in it. */
  covers(value: string): boolean {
    return this.#fields.has(value) || [...this.#texts].some((text) => value.includes(text));
  }

  isExactly(value: string): boolean {
    return this.#fields.has(value);
  }

  get isEmpty(): boolean {
    return this.#fields.size === 0;
  }

  /** A text with bullets in their place. */
  without(text: string): string {
    if (this.#fields.has(text)) return '••••';
    let clean = text;
    for (const each of this.#texts) clean = clean.replaceAll(each, '••••');
    return clean;
  }
}
