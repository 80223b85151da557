import type { JsonValue } from '@batuta/contract';
import type { Tool, ToolContext } from '@batuta/platform/ports';

/** A tool of a test that counts how often it was executed. */
export interface CountingTool {
  tool: Tool;
  /** Inputs in the order of execution, with the key that each came with. */
  executions: { input: JsonValue; idempotencyKey: string }[];
}

/** What a counting tool does and declares. */
export interface CountingToolOptions {
  readOnly?: boolean;
  destructive?: boolean;
  idempotent?: boolean;
  openWorld?: boolean;
  privateData?: boolean;
  untrusted?: boolean;
  timeoutMs?: number;
  execute?: (input: JsonValue, context: ToolContext) => Promise<string>;
}

/** Makes a tool that takes any object. */
export function countingTool(name: string, options: CountingToolOptions = {}): CountingTool {
  const executions: CountingTool['executions'] = [];
  const { readOnly = false, destructive = false, idempotent = false, timeoutMs = 5_000 } = options;
  const { openWorld = false, privateData = false, untrusted = false } = options;
  const tool: Tool = {
    kind: 'execute',
    name,
    reference: name,
    description: `The tool ${name}.`,
    inputSchema: { type: 'object' },
    annotations: { readOnly, destructive, idempotent, openWorld, privateData, untrusted },
    timeoutMs,
    parse: (value) => ({ ok: true, value }),
    execute: async (input, context) => {
      executions.push({ input, idempotencyKey: context.idempotencyKey });
      return options.execute ? options.execute(input, context) : `done ${executions.length}`;
    },
  };
  return { tool, executions };
}
