const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

// Blocks that East Asian Width calls wide or full-width.
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{17000}-\u{18CFF}\u{1B000}-\u{1B2FF}\u{20000}-\u{3FFFD}]/u;
const emoji =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Regional_Indicator}{2}|[#*0-9]\uFE0F?\u20E3/u;
const invisible = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;

/** The visible characters of a text, as people count them. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** Columns that one visible character takes on a terminal. */
export function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  if (grapheme >= ' ' && grapheme <= '~') return 1;
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) || emoji.test(grapheme) ? 2 : 1;
}

/** Columns that a line takes on a terminal. It must be free of control characters. */
export function displayWidth(line: string): number {
  // Most text is plain ASCII; segmenting it would be a hundred times slower.
  if (/^[ -~]*$/.test(line)) return line.length;
  return graphemes(line).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

/** Cuts a line to so many columns, with an ellipsis when something was cut. */
export function shorten(line: string, columns: number): string {
  if (displayWidth(line) <= columns) return line;
  let kept = '';
  let width = 0;
  for (const grapheme of graphemes(line)) {
    width += graphemeWidth(grapheme);
    if (width > columns - 1) break;
    kept += grapheme;
  }
  return `${kept.trimEnd()}…`;
}

/** Fills a line with spaces up to so many columns. */
export function pad(line: string, columns: number): string {
  return line + ' '.repeat(Math.max(0, columns - displayWidth(line)));
}
