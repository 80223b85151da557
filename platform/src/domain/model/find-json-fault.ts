/** The first place at which a text stops being JSON. */
export interface JsonFault {
  /** Index of the first character that does not fit; the length of the text when it ends too early. */
  position: number;
  /** What JSON would allow there, in words. */
  expected: string;
}

const deepest = 256;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const wordPattern = /true|false|null/y;

/** Where and why a text is not JSON; undefined when it is. */
export function findJsonFault(text: string): JsonFault | undefined {
  const after = readValue(text, skipSpace(text, 0), 0);
  if (typeof after !== 'number') return after;
  const end = skipSpace(text, after);
  return end === text.length ? undefined : { position: end, expected: 'the end of the text' };
}

/** A place in the text, or the fault that ends the reading. */
type Reading = number | JsonFault;

function readValue(text: string, at: number, depth: number): Reading {
  if (depth > deepest) return { position: at, expected: `at most ${deepest} levels of nesting` };
  const character = text[at];
  if (character === '{') return readObject(text, at, depth);
  if (character === '[') return readArray(text, at, depth);
  if (character === '"') return readString(text, at);
  const end = match(numberPattern, text, at) ?? match(wordPattern, text, at);
  return end ?? { position: at, expected: 'a value' };
}

function readObject(text: string, start: number, depth: number): Reading {
  let at = skipSpace(text, start + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') return { position: at, expected: 'a property name in double quotes' };
    const name = readString(text, at);
    if (typeof name !== 'number') return name;
    at = skipSpace(text, name);
    if (text[at] !== ':') return { position: at, expected: '":" after the property name' };
    const value = readValue(text, skipSpace(text, at + 1), depth + 1);
    if (typeof value !== 'number') return value;
    at = skipSpace(text, value);
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') return { position: at, expected: '"," or "}" after the value' };
    at = skipSpace(text, at + 1);
  }
}

function readArray(text: string, start: number, depth: number): Reading {
  let at = skipSpace(text, start + 1);
  if (text[at] === ']') return at + 1;
  for (;;) {
    const value = readValue(text, at, depth + 1);
    if (typeof value !== 'number') return value;
    at = skipSpace(text, value);
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') return { position: at, expected: '"," or "]" after the element' };
    at = skipSpace(text, at + 1);
  }
}

function readString(text: string, start: number): Reading {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return at + 1;
    if (text.charCodeAt(at) < 0x20) return { position: at, expected: 'no raw control character in a string' };
    if (text[at] !== '\\') continue;
    const end = match(escapePattern, text, at);
    if (end === undefined) return { position: at, expected: 'a valid escape such as \\n or \\"' };
    at = end - 1;
  }
  return { position: text.length, expected: `the end of the string begun at ${start}` };
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text[at] ?? '')) at += 1;
  return at;
}
