/**
 * Makes text of models, tools and servers harmless for a terminal: whatever could move the cursor, change its title,
 * write to the clipboard, or show text in another order than it has, is taken out. Newlines and tabs stay.
 *
 * Works on pieces: an escape sequence that is cut between two pieces is still recognised. States:
 * - ground: text is kept; ESC leads to escape, the 8-bit forms of CSI and OSC to theirs
 * - escape: `[` leads to control, `]` `P` `X` `^` `_` to string; intermediate bytes stay here; anything else ends it
 * - control: ends with a final byte (@ to ~); a newline ends it too, because no real sequence has one
 * - string: ends with BEL or ESC \ or the 8-bit terminator; a newline or 4,096 characters end it too, so that an
 *   unfinished sequence cannot hide the rest of an answer
 */
export class SafeText {
  #state: 'ground' | 'escape' | 'control' | 'string' = 'ground';
  #length = 0;

  /** The harmless part of this piece. */
  push(piece: string): string {
    if (this.#state === 'ground' && plain.test(piece)) return piece;
    let safe = '';
    for (const character of piece) safe += this.#take(character);
    return safe;
  }

  #take(character: string): string {
    switch (this.#state) {
      case 'ground':
        return this.#ground(character);
      case 'escape':
        return this.#escape(character);
      case 'control':
        return this.#control(character);
      case 'string':
        return this.#string(character);
    }
  }

  #ground(character: string): string {
    if (character === '\u001B') this.#enter('escape');
    else if (character === '\u009B') this.#enter('control');
    else if (stringStarts.has(character)) this.#enter('string');
    else if (!isForbidden(character)) return character;
    return '';
  }

  #escape(character: string): string {
    if (character === '[') this.#enter('control');
    else if (']PX^_'.includes(character)) this.#enter('string');
    else if (character === '\u001B') this.#enter('escape');
    else if (character === '\n') return this.#leave(character);
    else if (!(character >= ' ' && character <= '/')) this.#enter('ground');
    return '';
  }

  #control(character: string): string {
    if (character === '\n') return this.#leave(character);
    if (character === '\u001B') this.#enter('escape');
    else if (character >= '@' && character <= '~') this.#enter('ground');
    return '';
  }

  #string(character: string): string {
    this.#length += 1;
    if (character === '\n') return this.#leave(character);
    if (character === '\u001B') this.#enter('escape');
    else if (character === '\u0007' || character === '\u009C' || this.#length >= 4096) this.#enter('ground');
    return '';
  }

  #enter(state: 'ground' | 'escape' | 'control' | 'string'): void {
    this.#state = state;
    this.#length = 0;
  }

  #leave(character: string): string {
    this.#enter('ground');
    return character;
  }
}

// Most text is nothing but this, and need not be looked at one by one.
const plain = /^[\t\n -~\u00A0-\u052F]*$/;

const stringStarts = new Set(['\u0090', '\u0098', '\u009D', '\u009E', '\u009F']);

// First and last code point of what is never shown: C0 without tab and newline, DEL and C1, then the marks that reorder
// or hide text (direction marks, line separators, joiners that draw nothing, tags).
const forbiddenRanges = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x2069],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
] as const;

function isForbidden(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return forbiddenRanges.some(([first, last]) => point >= first && point <= last);
}

/** A whole text, made harmless. */
export function safeText(text: string): string {
  return new SafeText().push(text);
}

/** A whole text on one line, made harmless. */
export function safeLine(text: string): string {
  return safeText(text).replace(/\s+/g, ' ').trim();
}
