import { createHash } from 'node:crypto';

/** What models allow as the name of a tool. */
const longestName = 64;
const hashLength = 6;

/**
 * The name that models see for a tool of a source: `<source>_<tool>`, with what models do not allow replaced. A name that had to be changed or
 * cut ends in a hash of the reference, so that it is the same at every start and no two tools share one.
 */
export function nameOfSourceTool(source: string, tool: string): string {
  const wanted = `${source}_${tool}`;
  const clean = wanted.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replaceAll(/_{2,}/g, '_');
  return clean === wanted && clean.length <= longestName ? clean : marked(clean, `${source}/${tool}`);
}

/** Gives tools whose name is taken another one. */
export function distinguishNames<T extends { name: string; reference: string }>(
  tools: readonly T[],
  taken: Set<string>,
): T[] {
  return tools.map((tool) => {
    const name = taken.has(tool.name) ? marked(tool.name, tool.reference) : tool.name;
    taken.add(name);
    return name === tool.name ? tool : { ...tool, name };
  });
}

function marked(name: string, reference: string): string {
  const hash = createHash('sha256').update(reference).digest('hex').slice(0, hashLength);
  return `${name.slice(0, longestName - hashLength - 1)}_${hash}`;
}
