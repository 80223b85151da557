const words =
  'a durable agent keeps every fact it learned and every effect it caused in one log so that any worker can read it and go on'.split(
    ' ',
  );

/** Makes a text of exactly `count` tokens, one English word each. */
export function wordPieces(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${words[index % words.length] ?? ''} `);
}

/** Splits a text into words, each with the space that follows it. The pieces together are the text. */
export function splitWords(text: string): string[] {
  return text.match(/\s*\S+\s?|\s+/gu) ?? [];
}

/** Splits a text into `count` pieces of about the same length, never inside a character. Fewer when the text is shorter. */
export function splitEvenly(text: string, count: number): string[] {
  const characters = Array.from(text);
  const total = Math.min(count, characters.length);
  return Array.from({ length: total }, (_, index) =>
    characters
      .slice(
        Math.floor((index * characters.length) / total),
        Math.floor(((index + 1) * characters.length) / total),
      )
      .join(''),
  );
}
