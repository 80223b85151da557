import { textFault, type TextKind } from '@batuta/contract';

const maxDepth = 64;
const longestKey = 256;
/** Values of a whole body, so that walking it takes a few milliseconds at most. */
const mostValues = 200_000;

/** What is wrong with a JSON value before its meaning is looked at, with its place; undefined when nothing is. */
export interface JsonFault {
  path: string;
  message: string;
}

/**
 * Which texts of requests are more than a line. Names, ids, keys and whatever is not listed here are lines: they are shown in lists, logs
 * and terminals. What people and models say to each other is kept as it came, also with the colours of a pasted log or the marks of
 * languages that are written from right to left; who shows it makes it harmless (the command line and the console do).
 */
const kinds: Readonly<Record<string, TextKind>> = {
  input: 'content',
  text: 'content',
  answer: 'content',
  data: 'content',
  value: 'content',
  reason: 'prose',
  description: 'prose',
};
/** Everything below these keys is content: arguments of tools. */
const wholeContent: ReadonlySet<string> = new Set(['arguments', 'args']);

interface OpenValue {
  value: unknown;
  path: string;
  depth: number;
  kind: TextKind;
  /** Nothing below is held to be a line. */
  isFree: boolean;
}

/**
 * Finds what a schema does not look for: characters that a database cannot keep or that deceive people, keys of absurd length, and
 * nesting so deep that later steps would overflow the stack. It walks with its own stack for the same reason.
 */
export function findJsonFault(root: unknown): JsonFault | undefined {
  const open: OpenValue[] = [{ value: root, path: '', depth: 0, kind: 'line', isFree: false }];
  let count = 0;
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, path } = item;
    const message = faultOf(item);
    if (message !== undefined) return { path, message };
    if (typeof value !== 'object' || value === null) continue;
    for (const child of childrenOf(item, value)) {
      count += 1;
      if (count > mostValues) return { path: '', message: `has more than ${mostValues} values` };
      open.push(child);
    }
  }
  return undefined;
}

function faultOf({ value, depth, kind, isFree }: OpenValue): string | undefined {
  if (typeof value === 'string') return textFault(value, isFree ? 'content' : kind);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === maxDepth) return `is nested more than ${maxDepth} levels deep`;
  return Array.isArray(value) ? undefined : keyFault(Object.keys(value), isFree ? 'content' : 'line');
}

function keyFault(keys: readonly string[], kind: TextKind): string | undefined {
  for (const key of keys) {
    if (key.length > longestKey) return `has a key of more than ${longestKey} characters`;
    const fault = textFault(key, kind);
    if (fault !== undefined) return `has a key that ${fault}`;
  }
  return undefined;
}

/** Items of a list are of the kind of the list. Made one at a time: there may be too many. */
function* childrenOf(parent: OpenValue, value: object): Generator<OpenValue> {
  const { path, kind, isFree } = parent;
  const inside = (key: string | number) => (path === '' ? String(key) : `${path}.${key}`);
  const depth = parent.depth + 1;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      yield { value: value[index], path: inside(index), depth, kind, isFree };
    }
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    const isContent = isFree || wholeContent.has(key);
    yield { value: child, path: inside(key), depth, kind: kindOf(key), isFree: isContent };
  }
}

function kindOf(key: string): TextKind {
  return Object.hasOwn(kinds, key) ? (kinds[key] ?? 'line') : 'line';
}
