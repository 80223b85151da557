import { nameOfSourceTool } from '../../src/domain/tool/tool-name.ts';
import type { ToolSource } from '../../src/port/tool-source.ts';
import type { ExecutableTool, ToolOutput } from '../../src/port/tool.ts';

/** What a tool of a changing source is. */
export interface SourceTool {
  name: string;
  description?: string;
  readOnly?: boolean;
  answer?: string | ToolOutput;
}

/** A source whose tools a test changes while the platform runs. */
export class ChangingSource implements ToolSource {
  readonly name: string;
  readonly settled = Promise.resolve();
  revision = 0;
  readonly #label: string;
  #tools: ExecutableTool[] = [];

  constructor(kind: 'mcp' | 'openapi', label: string, tools: readonly SourceTool[] = []) {
    this.name = `${kind}:${label}`;
    this.#label = label;
    this.change(tools);
  }

  change(tools: readonly SourceTool[]): void {
    this.#tools = tools.map((tool) => this.#make(tool));
    this.revision += 1;
  }

  tools(): readonly ExecutableTool[] {
    return this.#tools;
  }

  status() {
    return { state: 'ready' as const, tools: this.#tools.length, problems: [] };
  }

  async close(): Promise<void> {}

  #make({
    name,
    description = `Does ${name}.`,
    readOnly = true,
    answer = `${name} done`,
  }: SourceTool): ExecutableTool {
    return {
      kind: 'execute',
      name: nameOfSourceTool(this.#label, name),
      reference: `${this.name}/${name}`,
      description,
      inputSchema: { type: 'object', properties: {} },
      annotations: { readOnly, destructive: false, idempotent: readOnly, openWorld: false },
      timeoutMs: 5_000,
      parse: (value) => ({ ok: true, value }),
      execute: async () => answer,
    };
  }
}
