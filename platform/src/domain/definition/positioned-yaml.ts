import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';

/** Something wrong at a line of a text. */
export interface LineProblem {
  line: number;
  reason: string;
}

/** A YAML value that remembers at which line each of its parts stands. */
export interface PositionedYaml {
  value: unknown;
  /** Line of the key or item at a path; of the nearest part around it when there is none. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Aliases resolved at most: a few lines of YAML must not become gigabytes. */
const mostAliases = 100;

/** Reads YAML 1.2. `firstLine` is the line of the file at which the text begins. */
export function readYaml(
  text: string,
  firstLine = 1,
): { ok: true; yaml: PositionedYaml } | { ok: false; problems: LineProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      line: lineAt(error.pos[0]),
      reason: `not valid YAML: ${lowerFirst(error.message)}`,
    }));
    return { ok: false, problems };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    return { ok: true, yaml: { value, lineOf: (path) => lineAt(offsetOf(document, path)) } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [{ line: firstLine, reason: `not usable YAML: ${lowerFirst(reason)}` }] };
  }
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(document.contents) ?? 0;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) return offset;
    offset = startOf(next.key) ?? startOf(next.value) ?? offset;
    node = next.value;
  }
  return offset;
}

function childOf(node: unknown, step: PropertyKey): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) {
    return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step));
  }
  if (!isNode(node) || !('items' in node) || !Array.isArray(node.items)) return undefined;
  const item: unknown = node.items[Number(step)];
  return item === undefined ? undefined : { key: item, value: item };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node satisfies Node).range?.[0] : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
