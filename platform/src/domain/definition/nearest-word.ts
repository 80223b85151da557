/** The candidate that a mistyped word most likely meant: fewest changes, at most a third of its letters; undefined when none is near. */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplify(word);
  let nearest: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const changes = changesBetween(wanted, simplify(candidate));
    if (changes < fewest) [nearest, fewest] = [candidate, changes];
  }
  return nearest;
}

/** ` Did you mean "...?"` to be put after a sentence, or nothing. */
export function hintFor(word: string, candidates: Iterable<string>): string {
  const nearest = nearestWord(word, candidates);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

/** `; the nearest is "..."` to be put into a sentence, or nothing. */
export function nearestClause(word: string, candidates: Iterable<string>): string {
  const nearest = nearestWord(word, candidates);
  return nearest === undefined ? '' : `; the nearest is "${nearest}"`;
}

function simplify(word: string): string {
  return word.slice(0, 128).toLowerCase().replaceAll('-', '_');
}

/** Damerau-Levenshtein distance (adjacent letters exchanged count as one change). */
function changesBetween(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const exchanged = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        exchanged ? at(beforePrevious, column - 2) + 1 : Infinity,
      );
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
