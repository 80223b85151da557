const maxDepth = 64;

/** What is wrong with a JSON value before its meaning is looked at, with its place; undefined when nothing is. */
export interface JsonFault {
  path: string;
  message: string;
}

/**
 * Finds what a schema does not look for but a database cannot keep: the character U+0000, halves of surrogate pairs, and
 * nesting so deep that later steps would overflow the stack. It walks with its own stack for the same reason.
 */
export function findJsonFault(root: unknown): JsonFault | undefined {
  const open: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, path, depth } = item;
    if (typeof value === 'string') {
      const message = findTextFault(value);
      if (message !== undefined) return { path, message };
    } else if (typeof value === 'object' && value !== null) {
      if (depth === maxDepth) return { path, message: `is nested more than ${maxDepth} levels deep` };
      const badKey = Object.keys(value).find((key) => findTextFault(key) !== undefined);
      if (badKey !== undefined) return { path, message: `has a key that ${findTextFault(badKey)}` };
      for (const [key, child] of Object.entries(value)) {
        open.push({ value: child, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

function findTextFault(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character U+0000';
  return text.isWellFormed() ? undefined : 'must be well-formed Unicode (half of a surrogate pair was found)';
}
