/** What a text that stops too early had begun. */
export interface OpenEnd {
  /** Index of the innermost bracket or quote that is still open. */
  openedAt: number;
  /** True when a value may be only a part of what was meant; false when all that is missing is the last `}`. */
  cutValue: boolean;
}

interface OpenBracket {
  at: number;
  closes: string;
  /** A `:` was seen since the last `,`: what follows is a value, not a property name. */
  afterColon: boolean;
}

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** How a JSON-like text (single quotes allowed) is unfinished; undefined when all that was opened is closed. */
export function findOpenEnd(text: string): OpenEnd | undefined {
  const open: OpenBracket[] = [];
  let last = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (isSpace(character)) continue;
    if (character === '"' || (character === "'" && mayBeginToken(last))) {
      const end = endOfString(text, at);
      if (end === undefined) return { openedAt: at, cutValue: true };
      at = end;
    } else {
      trackBracket(open, character, at);
    }
    last = character;
  }
  const innermost = open.at(-1);
  return innermost && { openedAt: innermost.at, cutValue: open.length > 1 || !endsComplete(innermost, last) };
}

function trackBracket(open: OpenBracket[], character: string, at: number): void {
  const innermost = open.at(-1);
  const closes = closing[character];
  if (closes !== undefined) open.push({ at, closes, afterColon: false });
  else if (innermost === undefined) return;
  else if (character === innermost.closes) open.pop();
  else if (character === ':') innermost.afterColon = true;
  else if (character === ',') innermost.afterColon = false;
}

/** A number, a word or an array may go on; a closed value may not, unless it is the string of a property name. */
function endsComplete(innermost: OpenBracket, last: string): boolean {
  return innermost.closes === '}' && innermost.afterColon && `}]"'`.includes(last);
}

/** An apostrophe opens a string only where a name or value may begin, so that the one of `it's` does not. */
function mayBeginToken(last: string): boolean {
  return '{[,:'.includes(last);
}

function endOfString(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}
