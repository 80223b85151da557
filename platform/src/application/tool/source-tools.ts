import { distinguishNames } from '../../domain/tool/tool-name.ts';
import { sourceOf } from '../../domain/tool/tool-reference.ts';
import type { ToolSource } from '../../port/tool-source.ts';
import type { Tool } from '../../port/tool.ts';

/** The tools of all sources as they are now. No two have one name, nor that of another tool. */
export class SourceTools {
  readonly sources: readonly ToolSource[];
  readonly #names: ReadonlySet<string>;
  readonly #taken: readonly string[];
  #known: { revision: number; tools: Tool[] } | undefined;

  /** `taken`: names of the tools that do not come from sources. */
  constructor(sources: readonly ToolSource[], taken: readonly string[]) {
    this.sources = sources;
    this.#names = new Set(sources.map(({ name }) => name));
    this.#taken = taken;
  }

  /** Grows whenever the tools of one change. */
  get revision(): number {
    return this.sources.reduce((sum, source) => sum + source.revision, 0);
  }

  /** The same array until `revision` grows. */
  all(): readonly Tool[] {
    const { revision } = this;
    if (this.#known?.revision === revision) return this.#known.tools;
    const given = this.sources.flatMap((source) => [...source.tools()]);
    const tools = distinguishNames(given, new Set(this.#taken));
    this.#known = { revision, tools };
    return tools;
  }

  /** Whether a reference leads into a source that is declared: it may have told no tools yet, or may tell others later. */
  isDeclared(reference: string): boolean {
    if (this.#names.has(sourceOf(reference))) return true;
    // `mcp:*` leads into every tool server.
    const beginning = reference.endsWith('*') ? reference.slice(0, -1) : null;
    return beginning !== null && [...this.#names].some((name) => name.startsWith(beginning));
  }
}
