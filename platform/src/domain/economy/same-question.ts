/*
 * Embeddings place "the price for 10" next to "the price for 100", and "can I" next to "can I not". What such questions differ in
 * is compared word by word, so that closeness alone is never enough.
 */

/** Words that turn a question round, in the languages of the product. */
const negations = new Set(
  'not no never without except cannot dont nunca sin salvo excepto jamás jamais não nao nem sem exceto'.split(
    ' ',
  ),
);

/** Words that begin questions: their capital letter says nothing. */
const word = /[\p{L}\p{N}][\p{L}\p{N}'’.,:@/_-]*/gu;

/** Cosine of the angle between two directions of length 1. */
export function similarity(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length) return 0;
  let sum = 0;
  for (const [index, value] of left.entries()) sum += value * (right[index] ?? 0);
  return sum;
}

/** Brings a direction to length 1. */
export function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? [...vector] : vector.map((value) => value / length);
}

/** Whether two questions agree in what embeddings tell badly: figures, names, what stands in quotation marks, negations. */
export function agreeInFacts(left: string, right: string): boolean {
  return factsOf(left) === factsOf(right);
}

function factsOf(text: string): string {
  const words = (text.match(word) ?? []).map((each) => each.replace(/['’.,:]+$/u, ''));
  const named = words.filter((each, index) => isFact(each, index));
  const quoted = text.match(/["“«][^"”»]{1,200}["”»]/gu) ?? [];
  return [...named.map((each) => each.toLowerCase()), ...quoted].toSorted().join('\n');
}

function isFact(each: string, index: number): boolean {
  // Figures; addresses, names of files and the like.
  if (/[\p{N}@/_.:]/u.test(each)) return true;
  if (negations.has(each.toLowerCase().replaceAll(/['’]/gu, ''))) return true;
  // The first word has its capital letter from its place.
  return index > 0 && /^\p{Lu}/u.test(each);
}
