/** What has a canonical text: a JSON value whose members may be left out by being undefined, as JSON itself leaves them out. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue };

/**
 * The one text of a JSON value (RFC 8785, JSON Canonicalization Scheme): members in the order of their names' UTF-16 code units,
 * no space, numbers as ECMAScript writes them. Two values have the same text exactly if they are equal.
 *
 * Where the scheme has no answer, because its values cannot be exchanged, this has one that keeps unequal values apart: a number
 * too large for a double is `1e999`, and half of a surrogate pair is its escape. Hashes of arguments, definitions, policies and cached
 * questions are made of this text and are stored: it must never change.
 */
export function canonicalJson(value: CanonicalValue): string {
  let text = '';
  // A stack of its own: models can nest deeper than calls can.
  const waiting: Piece[] = [{ value }];
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    if ('text' in piece) text += piece.text;
    else if (typeof piece.value === 'object' && piece.value !== null) {
      for (const part of piecesOf(piece.value)) waiting.push(part);
    } else text += canonicalScalar(piece.value);
  }
  return text;
}

type Piece = { text: string } | { value: CanonicalValue };
type Parts = Extract<CanonicalValue, object>;

/** The text of something with parts, the last piece first. */
function piecesOf(parts: Parts): Piece[] {
  const pieces: Piece[] = isList(parts)
    ? parts.flatMap((value, index) => [{ text: index === 0 ? '' : ',' }, { value }])
    : Object.keys(parts)
        .filter((name) => parts[name] !== undefined)
        .toSorted(byCodeUnits)
        .flatMap((name, index) => {
          const label = `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;
          return [{ text: label }, { value: parts[name] }];
        });
  const [open, close] = isList(parts) ? ['[', ']'] : ['{', '}'];
  return [{ text: close }, ...pieces.toReversed(), { text: open }];
}

function isList(parts: Parts): parts is readonly CanonicalValue[] {
  return Array.isArray(parts);
}

function canonicalScalar(value: string | number | boolean | null | undefined): string {
  return typeof value === 'number' ? canonicalNumber(value) : JSON.stringify(value ?? null);
}

function canonicalNumber(value: number): string {
  if (Number.isFinite(value)) return JSON.stringify(value);
  return value > 0 ? '1e999' : '-1e999';
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
