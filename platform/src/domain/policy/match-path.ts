import type { ResolvedPath } from '../../port/argument-resolver.ts';
import type { Certainty } from './call-facts.ts';
import { anyOf, sure } from './certainty.ts';
import { compileGlob, matchesGlob, type Glob } from './match-glob.ts';

/** How the paths of a rule are compared. */
export type PathTest = (written: string, resolved: ResolvedPath | null | undefined) => Certainty;

/**
 * Compares real paths. A rule that allows goes by the real path alone, letter by letter. A rule that restricts also goes by the
 * path as it was written and takes upper and lower case for the same, because some file systems do.
 */
export function compilePaths(patterns: readonly string[], restricts: boolean): PathTest {
  const globs = patterns.map((pattern) => compileGlob(restricts ? pattern.toLowerCase() : pattern));
  return (written, resolved) => {
    if (resolved === null || resolved === undefined) return 'unclear';
    const real = sure(fits(globs, resolved, restricts));
    if (!restricts || real === 'yes') return real;
    return anyOf([real, sure(fits(globs, { ...resolved, path: asWritten(written, resolved.root) }, true))]);
  };
}

function fits(globs: readonly Glob[], { path, root }: ResolvedPath, folds: boolean): boolean {
  const compared = folds ? path.toLowerCase() : path;
  const from = folds ? root.toLowerCase() : root;
  const whole = stepsOf(compared);
  const inner = stepsInside(compared, from);
  return globs.some((glob) =>
    glob.isAbsolute ? matchesGlob(glob, whole) : inner !== undefined && matchesGlob(glob, inner),
  );
}

/** The steps from a folder to a path in it; undefined when the path is elsewhere. */
function stepsInside(path: string, root: string): string[] | undefined {
  if (path === root) return [];
  const folder = root.endsWith('/') ? root : `${root}/`;
  return path.startsWith(folder) ? stepsOf(path.slice(folder.length)) : undefined;
}

function stepsOf(path: string): string[] {
  return path
    .normalize('NFC')
    .split('/')
    .filter((step) => step !== '');
}

/** A path without `.` and `..`, as its letters say, symbolic links or not. */
function asWritten(path: string, root: string): string {
  const steps: string[] = [];
  for (const step of (path.startsWith('/') ? path : `${root}/${path}`).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}

const encoded = /%(?:2e|2f|5c|00|25)/i;

/**
 * Whether a text can be taken for a path without doubt. What a tool, a shell or a library may read differently is not:
 * control characters, backslashes, a home folder, JSON, an address, encoded separators, unpaired or uncomposed characters.
 */
export function isPlainPath(text: string): boolean {
  if (text === '' || text.length > 4096 || !text.isWellFormed()) return false;
  if (/[\p{Cc}\p{Cf}\\]/u.test(text) || /^[~{["']/.test(text) || text.normalize('NFC') !== text) return false;
  return !/^[a-z][a-z0-9+.-]*:/i.test(text) && !encoded.test(text);
}

/** Under which a resolved path is kept. */
export function pathKey(path: string, root: string): string {
  return `${root}\0${path}`;
}
