import { displayWidth, pad, shorten } from './display-width.ts';
import { safeLine } from './safe-text.ts';
import type { Style } from './style.ts';

/** A table of texts; every row has as many cells as there are titles. */
export interface Table {
  titles: readonly string[];
  rows: readonly (readonly string[])[];
}

/** Where a table is shown. `columns` absent: nothing is cut (a pipe reads it). */
export interface TableSpace {
  columns?: number | undefined;
  style: Style;
}

/** Lays a table out, one row a line. The last column takes what room is left. */
export function renderTable(table: Table, space: TableSpace): string {
  const rows = table.rows.map((row) => row.map(safeLine));
  const widths = table.titles.map((title, column) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]): string => {
    const laidOut = cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    return space.columns === undefined ? laidOut : shorten(laidOut, space.columns);
  };
  return [space.style.bold(line(table.titles)), ...rows.map(line)].map((text) => `${text}\n`).join('');
}
