/** Characters that steer a terminal or an editor instead of being read: C0 and C1 controls and DEL. */
const controls = /\p{Cc}/u;
/** The same without tab, line feed and carriage return. */
const controlsBesidesSpace = /[^\P{Cc}\t\n\r]/u;
/** Characters that show a text in another order than it has: embeddings, overrides and isolates of directions. Marks are harmless. */
const reordering = /[\u202A-\u202E\u2066-\u2069]/u;
const deceiving = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** What a text may hold: a `line` (names, ids, keys), `prose` of several lines (reasons), or `content` that is kept as it came (messages). */
export type TextKind = 'line' | 'prose' | 'content';

/** What a text of a kind must not hold, as the end of a sentence; undefined when nothing is wrong. */
export function textFault(text: string, kind: TextKind): string | undefined {
  if (text.includes('\0')) return 'must not contain the character U+0000';
  if (!text.isWellFormed()) return 'must be well-formed Unicode (half of a surrogate pair was found)';
  if (kind === 'content') return undefined;
  const found = (kind === 'line' ? controls : controlsBesidesSpace).exec(text) ?? reordering.exec(text);
  if (found === null) return undefined;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `must not contain the control character U+${code}`;
}

/** A text as one line that can be shown anywhere: control characters become U+FFFD. */
export function plainLine(text: string): string {
  return text.toWellFormed().replaceAll(deceiving, '\uFFFD');
}
