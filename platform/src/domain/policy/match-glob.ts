/** A path pattern taken apart. */
export interface Glob {
  /** Compared with the whole path instead of the path from the root. */
  isAbsolute: boolean;
  steps: readonly string[];
}

/** Takes a pattern apart: `*` and `?` stand for characters of one step (dots included), `**` for any number of steps. */
export function compileGlob(pattern: string): Glob {
  const steps = pattern.normalize('NFC').split('/');
  return {
    isAbsolute: pattern.startsWith('/'),
    steps: steps.filter((step) => step !== '' && step !== '.'),
  };
}

/** Whether the steps of a path fit a pattern. Takes time proportional to both, whatever they are. */
export function matchesGlob({ steps }: Glob, path: readonly string[]): boolean {
  // Which places of the pattern can be reached after the steps of the path read so far.
  let reached = skipEmpty(steps, new Set([0]));
  for (const name of path) {
    const next = new Set<number>();
    for (const place of reached) {
      const step = steps[place];
      if (step === '**') next.add(place);
      else if (step !== undefined && matchesWildcard(step, name)) next.add(place + 1);
    }
    reached = skipEmpty(steps, next);
  }
  return reached.has(steps.length);
}

/** `**` also stands for no step at all. */
function skipEmpty(steps: readonly string[], reached: Set<number>): Set<number> {
  for (const place of reached) if (steps[place] === '**') reached.add(place + 1);
  return reached;
}

/** Whether a text fits a pattern with `*` and `?`. Goes back to the last `*` only, so it cannot explode. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let [place, star, mark] = [0, -1, 0];
  for (let index = 0; index < text.length;) {
    const wanted = pattern[place];
    if (wanted === '*') {
      [star, mark] = [place, index];
      place += 1;
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[index])) {
      place += 1;
      index += 1;
    } else if (star >= 0) {
      mark += 1;
      [place, index] = [star + 1, mark];
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
}
