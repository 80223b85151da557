import type { JsonValue, UserPart } from '@batuta/contract';

/** Addresses that are remembered of one session, the latest ones. */
const remembered = 64;
/** Characters of a message that are searched. */
const searched = 100_000;
const longest = 2_048;

/** One way to write an address; undefined for what is none. */
export function canonicalAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || text.length > longest || /[\s\p{Cc}\p{Cf}]/u.test(text))
    return undefined;
  return URL.parse(text)?.href;
}

/** The addresses in what a person wrote, added to those that are known. */
export function addTypedAddresses(known: readonly string[], texts: readonly string[]): readonly string[] {
  return mergeAddresses(
    known,
    texts.flatMap((text) => addressesIn(text.slice(0, searched))),
  );
}

/** Earlier and later addresses, each once, the latest ones. */
export function mergeAddresses(earlier: readonly string[], later: readonly string[]): readonly string[] {
  if (later.length === 0) return earlier;
  return [...new Set([...earlier, ...later])].slice(-remembered);
}

/** The texts of a message. */
export function textsOf(parts: readonly UserPart[] = []): string[] {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
}

function addressesIn(text: string): string[] {
  if (!text.includes('://')) return [];
  return [...text.matchAll(/https?:\/\/[^\s<>"'`\p{Cc}\p{Cf}]+/giu)].flatMap(([match]) => {
    // Both as it stands and without the punctuation of the sentence around it.
    const bare = match.replace(/[.,;:!?)\]}]+$/, '');
    return [match, bare].flatMap((each) => canonicalAddress(each) ?? []);
  });
}

/** Whether the only thing that a call carries is an address that the person wrote, letter by letter. */
export function isTypedRead(input: JsonValue, typed: readonly string[]): boolean {
  if (typed.length === 0 || typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const values = Object.values(input);
  const [only] = values;
  if (values.length !== 1 || typeof only !== 'string') return false;
  const address = canonicalAddress(only);
  return address !== undefined && typed.includes(address);
}
