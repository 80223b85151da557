/** Longest piece of a description that is looked at: documents hold whole manuals. */
const longestLooked = 4_000;

/** A description as one line without markup, cut at the end of a sentence or word. */
export function plainText(text: string, longest: number): string {
  const plain = text
    .slice(0, longestLooked)
    .replaceAll(/<\/?[A-Za-z][^<>]{0,300}>/g, ' ')
    .replaceAll(/!?\[([^\][]{0,300})\]\([^()]{0,500}\)/g, '$1')
    .replaceAll(/[`*#>|]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return cutText(plain, longest);
}

/** Cuts a text at the end of a sentence where that keeps at least half of what fits, else at a word. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - 3);
  const sentence = Math.max(head.lastIndexOf('. '), head.lastIndexOf('; '));
  if (sentence >= longest / 2) return head.slice(0, sentence + 1);
  const word = head.lastIndexOf(' ');
  return `${wholeCharacters(head.slice(0, word > longest / 2 ? word : head.length))}...`;
}

/** Without the first half of a character of two UTF-16 units at the end. */
function wholeCharacters(text: string): string {
  const unit = text.charCodeAt(text.length - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? text.slice(0, -1) : text;
}
