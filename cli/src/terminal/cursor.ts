import { graphemes, graphemeWidth } from './display-width.ts';

/** Where the cursor of a terminal is after some text: rows below the start, and column. */
export interface CursorPlace {
  row: number;
  column: number;
}

/**
 * Moves the cursor over harmless text as a terminal does: a character that does not fit goes to the next row; after the last
 * column the cursor stays there until the next character comes.
 */
export function advance(place: CursorPlace, text: string, columns: number): CursorPlace {
  let { row, column } = place;
  for (const grapheme of graphemes(text)) {
    if (grapheme === '\n') {
      row += 1;
      column = 0;
    } else if (grapheme === '\t') {
      column = Math.min(columns - 1, (Math.floor(column / 8) + 1) * 8);
    } else {
      const width = graphemeWidth(grapheme);
      const wraps = column + width > columns;
      row += wraps ? 1 : 0;
      column = (wraps ? 0 : column) + width;
    }
  }
  return { row, column };
}
