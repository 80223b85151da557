import type { FoundValue } from './value-matcher.ts';

/** What stands in the place of something that was taken out: it names the kind, so that a reader knows what was there. */
export function redactionMark(label: string): string {
  return `[redacted: ${label}]`;
}

/** The text with marks in place of what was found. Overlapping findings become one mark, named after the first. */
export function replaceFound(text: string, found: readonly FoundValue[]): string {
  if (found.length === 0) return text;
  let clean = '';
  let done = 0;
  for (const { start, end, label } of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= done) clean += text.slice(done, start) + redactionMark(label);
    done = Math.max(done, end);
  }
  return clean + text.slice(done);
}
