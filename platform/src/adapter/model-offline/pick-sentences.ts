import { overlap, subjectWords } from './words.ts';

/** How much may be quoted. */
export interface QuoteBounds {
  sentences: number;
  characters: number;
  /** Words that a sentence must share with the question (1), or all of a question that has fewer. */
  leastShared?: number;
}

/**
 * The sentences of a text that share most words with a question, in the order of the text. Where none shares any: the
 * first ones if `elseFirst`, otherwise nothing.
 */
export function pickSentences(
  text: string,
  question: string,
  { sentences, characters, elseFirst, leastShared = 1 }: QuoteBounds & { elseFirst: boolean },
): string[] {
  const wanted = subjectWords(question);
  const all = splitSentences(text).map((sentence, place) => ({
    sentence,
    place,
    score: overlap(subjectWords(sentence), wanted),
  }));
  const least = Math.max(1, Math.min(leastShared, wanted.size));
  const best = all.filter(({ score }) => score >= least).toSorted((one, other) => other.score - one.score);
  const chosen = (best.length > 0 || !elseFirst ? best : all).slice(0, sentences);
  let left = characters;
  return chosen
    .toSorted((one, other) => one.place - other.place)
    .map(({ sentence }) => shorten(sentence, 400))
    .filter((sentence) => (left -= sentence.length) >= 0);
}

/** A text that is not longer than `most` characters. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}

function splitSentences(text: string): string[] {
  return text
    .slice(0, 200_000)
    .split(/\n+|(?<=[.!?])\s+(?=[\p{Lu}\p{N}¿¡"“])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 1);
}
