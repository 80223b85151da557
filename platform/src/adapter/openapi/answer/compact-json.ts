const spaces: ReadonlySet<string | undefined> = new Set([' ', '\n', '\r', '\t']);

/** Larger answers are kept as they are: they become artifacts. */
const longest = 1_000_000;

/**
 * JSON without spaces and line ends between its parts. The text itself is kept: numbers that JavaScript cannot hold must not change. One pass,
 * whatever the text is: what is no JSON must not cost more.
 */
export function compactJson(text: string): string {
  if (text.length > longest || !/\n|: |, /.test(text.slice(0, 2_000))) return text.trim();
  const kept: string[] = [];
  let from = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') inText = !inText;
    else if (inText && character === '\\') at += 1;
    else if (!inText && spaces.has(character)) {
      kept.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return kept.join('') + text.slice(from);
}
