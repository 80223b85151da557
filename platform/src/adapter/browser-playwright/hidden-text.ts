import type { CDPSession } from 'playwright-core';

type Captured = Awaited<ReturnType<typeof capture>>;
type Layout = Captured['documents'][number]['layout'];

/** What a person does not see on a page. */
export interface HiddenText {
  /** Texts that take no part in what is seen, in the order of the page. */
  texts: readonly string[];
  /** Values of password fields. */
  passwords: ReadonlySet<string>;
}

const styles = ['font-size', 'color', 'overflow', 'clip', 'clip-path'];
const shortest = 3;

function capture(session: CDPSession) {
  return session.send('DOMSnapshot.captureSnapshot', {
    computedStyles: styles,
    includeBlendedBackgroundColors: true,
    includeTextColorOpacities: true,
  });
}

/**
 * Finds the texts that are in a page and that nobody sees: transparent, tiny, in the colour of what is behind them, outside of the page, or
 * cut away. Reads what the browser itself has laid out, so that no script of the page can answer for it.
 */
export async function findHiddenText(session: CDPSession): Promise<HiddenText> {
  const captured = await capture(session);
  const visible: string[] = [];
  const hidden: string[] = [];
  const passwords = new Set<string>();
  for (const document of captured.documents) {
    const reader = new LayoutReader(captured, document);
    for (const password of reader.passwords()) passwords.add(password);
    let run: string[] = [];
    for (const { text, isHidden } of reader.texts()) {
      if (isHidden) run.push(text);
      else {
        visible.push(text);
        hidden.push(...run, ...spelt(run));
        run = [];
      }
    }
    hidden.push(...run, ...spelt(run));
  }
  const seen = visible.join(' ');
  const texts = [...new Set(hidden.map((text) => text.replaceAll(/\s+/g, ' ').trim()))];
  return {
    texts: texts
      .filter((text) => text.length >= shortest && !seen.includes(text))
      .toSorted((a, b) => b.length - a.length),
    passwords,
  };
}

/** Pieces too short to be taken out one by one: a sentence may be cut into letters. */
function spelt(run: readonly string[]): string[] {
  const streaks: string[][] = [[]];
  for (const text of run) {
    if (text.length <= shortest) streaks.at(-1)?.push(text);
    else streaks.push([]);
  }
  return streaks.flatMap((streak) => [streak.join(''), streak.join(' ')]);
}

class LayoutReader {
  readonly #strings: readonly string[];
  readonly #document: Captured['documents'][number];
  readonly #layout: Layout;
  /** Place in the layout by node. */
  readonly #places = new Map<number, number>();

  constructor({ strings }: Captured, document: Captured['documents'][number]) {
    this.#strings = strings;
    this.#document = document;
    this.#layout = document.layout;
    for (const [place, node] of this.#layout.nodeIndex.entries()) this.#places.set(node, place);
  }

  *texts(): Iterable<{ text: string; isHidden: boolean }> {
    for (const [place, index] of this.#layout.text.entries()) {
      const text = index < 0 ? '' : this.#string(index).replaceAll(/\s+/g, ' ').trim();
      if (text !== '') yield { text, isHidden: this.#isHidden(place) };
    }
  }

  *passwords(): Iterable<string> {
    const { attributes = [], inputValue } = this.#document.nodes;
    for (const [at, node] of (inputValue?.index ?? []).entries()) {
      const pairs = (attributes[node] ?? []).map((index) => this.#string(index));
      const value = this.#string(inputValue?.value[at] ?? -1);
      if (
        value !== '' &&
        pairs.some((name, place) => name === 'type' && pairs[place + 1]?.toLowerCase() === 'password')
      )
        yield value;
    }
  }

  #isHidden(place: number): boolean {
    return (
      this.#isNowhere(place) ||
      Number.parseFloat(this.#style(place, 'font-size')) < 3 ||
      isSameColour(this.#style(place, 'color'), this.#background(place)) ||
      this.#isCut(place)
    );
  }

  #isNowhere(place: number): boolean {
    const [left = 0, top = 0, width = 0, height = 0] = this.#layout.bounds[place] ?? [];
    return width < 2 || height < 2 || left + width <= 0 || top + height <= 0;
  }

  #background(place: number): string {
    return this.#string(this.#layout.blendedBackgroundColors?.[place] ?? -1) || 'rgb(255, 255, 255)';
  }

  /** Inside of a box that shows nothing of it: one pixel large, clipped to nothing, or transparent. */
  #isCut(place: number): boolean {
    let node = this.#layout.nodeIndex[place];
    for (let steps = 0; node !== undefined && steps < 12; steps += 1) {
      const at = this.#places.get(node);
      if (at !== undefined && this.#showsNothing(at)) return true;
      node = this.#parent(node);
    }
    return false;
  }

  #showsNothing(place: number): boolean {
    if ((this.#layout.textColorOpacities?.[place] ?? 1) < 0.1) return true;
    const isTiny = this.#isNowhere(place) && !['visible', ''].includes(this.#style(place, 'overflow'));
    const clip = this.#style(place, 'clip');
    const path = this.#style(place, 'clip-path');
    return (
      isTiny || /^rect\((?:0px|1px)(?:,? (?:0px|1px)){3}\)$/.test(clip) || /^inset\((?:50|100)%/.test(path)
    );
  }

  #parent(node: number | undefined): number | undefined {
    const parent = this.#document.nodes.parentIndex?.[node ?? -1];
    return parent === undefined || parent < 0 ? undefined : parent;
  }

  #style(place: number, name: string): string {
    return this.#string(this.#layout.styles[place]?.[styles.indexOf(name)] ?? -1);
  }

  #string(index: number): string {
    return this.#strings[index] ?? '';
  }
}

/** Colours so alike that nobody reads one on the other. */
function isSameColour(text: string, background: string): boolean {
  const [a, b] = [channels(text), channels(background)];
  if (a === undefined || b === undefined) return false;
  return a.every((value, place) => Math.abs(value - (b[place] ?? 0)) < 8);
}

function channels(colour: string): number[] | undefined {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})/i.exec(colour);
  if (hex) return hex.slice(1, 4).map((part) => Number.parseInt(part, 16));
  const numbers = /^rgba?\(([^)]+)\)/
    .exec(colour)?.[1]
    ?.split(/[ ,/]+/)
    .map(Number);
  return numbers?.slice(0, 3);
}
