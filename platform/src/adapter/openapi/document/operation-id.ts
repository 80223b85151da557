import { createHash } from 'node:crypto';

const longest = 80;

/**
 * The name of an operation within its document: its `operationId` with other characters than letters, digits, `_` and `-` replaced, or else made
 * of its method and path. `taken`: names that others have; the name is added. A doubled name gets a mark that is the same at every start.
 */
export function operationIdOf(
  told: string | undefined,
  { method, path }: { method: string; path: string },
  taken: Set<string>,
): string {
  const own = cleaned(told ?? '');
  const base = /[A-Za-z0-9]/.test(own) ? own : cleaned(`${method}_${path.replaceAll(/[{}]/g, '')}`);
  const mark = createHash('sha256').update(`${method} ${path}`).digest('hex').slice(0, 6);
  const short = base.slice(0, longest);
  const name = taken.has(short) ? `${short}_${mark}` : short;
  taken.add(name);
  return name;
}

/** References to tools begin with a letter. */
function cleaned(text: string): string {
  const clean = text
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/_{2,}/g, '_')
    .replaceAll(/^[_-]+|_+$/g, '');
  return /^\d/.test(clean) ? `op_${clean}` : clean;
}
