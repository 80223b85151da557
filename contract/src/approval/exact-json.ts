import type { JsonValue } from '../json.ts';
import { canonicalJson } from './canonical-json.ts';

/**
 * First and last code point of what a screen does not show as it is, or that makes it show other text in another order: controls,
 * marks of direction, joiners and spaces without width, variation selectors, tags, and spaces and fillers that look like the usual one.
 */
const deceptiveRanges = [
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x1680, 0x1680],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2800, 0x2800],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffc],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
] as const;

/** What needs no look at each character. */
const plain = /^[\n -~]*$/;

/**
 * A JSON text that shows a person exactly what it holds: whatever a screen would hide or reorder stands as its escape, so that
 * what is read is what would be used. It is still JSON of the same value. `indent` spreads it over lines.
 */
export function exactJson(value: JsonValue, indent = 0): string {
  const canonical = canonicalJson(value);
  const spread = indent === 0 ? canonical : spreadJson(canonical, indent);
  return plain.test(spread) ? spread : Array.from(spread, showCharacter).join('');
}

/** The same for a text that holds JSON. One that does not (written before arguments were checked) is shown as a JSON string. */
export function exactText(text: string, indent = 0): string {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    value = text;
  }
  return exactJson(value, indent);
}

function showCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const isDeceptive = deceptiveRanges.some(([first, last]) => point >= first && point <= last);
  return isDeceptive ? escapeCharacter(character) : character;
}

function escapeCharacter(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index += 1) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/** Lines and spaces between the tokens of a canonical text: made from the text, so that no number is read and written again. */
function spreadJson(canonical: string, indent: number): string {
  let depth = 0;
  const line = () => `\n${' '.repeat(indent * depth)}`;
  return canonical.replace(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}[\],:]/g, (token) => {
    switch (token) {
      case '{':
      case '[':
        depth += 1;
        return token + line();
      case '}':
      case ']':
        depth -= 1;
        return line() + token;
      case ',':
        return token + line();
      case ':':
        return ': ';
      default:
        return token;
    }
  });
}
