const escape = String.fromCodePoint(0x1b);
const tokens = new RegExp(`${escape}\\[([\\d;]*)([A-Za-z])|[^]`, 'gu');

/**
 * What a terminal of so many columns shows after this output: enough of one for our own output (newlines, carriage returns,
 * cursor up, erasing, columns set by readline). Trailing spaces and empty lines are left out.
 */
export function shown(output: string, columns: number): string {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  const line = (): string[] => (rows[row] ??= []);
  const control = (parameter: string, final: string): void => {
    const count = Number(parameter === '' ? 1 : parameter);
    if (final === 'A') row = Math.max(0, row - count);
    else if (final === 'B') row += count;
    else if (final === 'G') column = count - 1;
    else if (final === 'J') rows.splice(row, rows.length, line().slice(0, column));
    else if (final === 'K') line().splice(parameter === '2' ? 0 : column);
  };
  for (const [token, parameter, final] of output.matchAll(tokens)) {
    if (final !== undefined) control(parameter === '0' && final === 'J' ? '' : (parameter ?? ''), final);
    else if (token === '\n') [row, column] = [row + 1, 0];
    else if (token === '\r') column = 0;
    else {
      if (column === columns) [row, column] = [row + 1, 0];
      const cells = line();
      while (cells.length < column) cells.push(' ');
      cells[column] = token;
      column += 1;
    }
  }
  return Array.from(rows, (cells) => (cells ?? []).join('').trimEnd()).join('\n');
}
