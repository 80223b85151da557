import MiniSearch from 'minisearch';
import type { ToolSearch } from '../../port/tool-search.ts';
import type { Tool } from '../../port/tool.ts';

interface Entry {
  id: number;
  name: string;
  description: string;
  inputs: string;
}

/** A tool's name says more about it than its description, and that more than the names of its arguments. */
const boost = { name: 3, description: 2, inputs: 1 };

/** A search by words (BM25, beginnings of words, one letter wrong in five), made ready once for each list of tools. */
export function makeToolSearch(): ToolSearch {
  const indexes = new WeakMap<readonly Tool[], MiniSearch<Entry>>();

  function indexOf(tools: readonly Tool[]): MiniSearch<Entry> {
    const known = indexes.get(tools);
    if (known) return known;
    const index = new MiniSearch<Entry>({
      fields: ['name', 'description', 'inputs'],
      tokenize: wordsOf,
      searchOptions: {
        boost,
        prefix: (term) => term.length > 3,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      },
    });
    index.addAll(tools.map((tool, id) => entryOf(tool, id)));
    indexes.set(tools, index);
    return index;
  }

  return {
    find: (tools, task, limit) =>
      indexOf(tools)
        .search(task)
        .slice(0, limit)
        .flatMap(({ id }) => tools[Number(id)] ?? []),
  };
}

function entryOf({ reference, description, inputSchema }: Tool, id: number): Entry {
  const { properties } = inputSchema;
  const inputs =
    typeof properties === 'object' && properties !== null ? Object.keys(properties).join(' ') : '';
  return { id, name: reference, description, inputs };
}

/** Words of a text, also of names: `getInvoicePdf`, `create_ticket`. */
function wordsOf(text: string): string[] {
  return text
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 0);
}
