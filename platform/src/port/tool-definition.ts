import type { JsonValue } from '@batuta/contract';
import type { z } from 'zod';
import type { ToolAnnotations, ToolContext, ToolOutput } from './tool.ts';

/** A tool as its author writes it. */
export interface ToolDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Name as models see it: letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** What the tool does and when to use it: models choose by it. */
  readonly description: string;
  /** Its arguments: a `z.object(...)` whose fields say what they are with `.describe(...)`. */
  readonly input: Schema;
  /** What it does to the world. What is left out is assumed to be the worst; a tool that says neither `readOnly` nor `destructive` is denied unless a rule names it. */
  readonly annotations?: Partial<ToolAnnotations>;
  /** Names of the secrets that `context.secret(name)` may give it. Agents may say which stored secret each of them is. */
  readonly secrets?: readonly string[];
  /** Seconds after which a call is given up; absent: the configured time. */
  readonly timeoutSeconds?: number;
  /** What it needs of the configuration or the machine and does not have, and how to mend that; null: nothing. */
  readonly missing?: () => Promise<string | null>;
  /** Does the work. A text is handed to the model as it is, anything else as JSON; a thrown error is a failed call. */
  execute(input: z.output<Schema>, context: ToolContext): Promise<ToolResult> | ToolResult;
}

const outputMark: unique symbol = Symbol.for('batuta.tool-output') as never;

/** An output that went through `toolOutput`. */
export type MarkedOutput = ToolOutput & { readonly [outputMark]: true };

/** Answers with files, or with the word that it did not work: `return toolOutput({ text: 'Drawn.', files: [{ name, mediaType, content }] })`. */
export function toolOutput(output: ToolOutput): MarkedOutput {
  return { ...output, [outputMark]: true as const };
}

/** Whether a tool answered through `toolOutput`, also of another copy of this package. */
export function isToolOutput(value: unknown): value is MarkedOutput {
  return typeof value === 'object' && value !== null && outputMark in value;
}

/** What a tool may answer. */
export type ToolResult = JsonValue | void | MarkedOutput;

const mark: unique symbol = Symbol.for('batuta.tool') as never;

/** A definition that went through `defineTool`. */
export type DefinedTool<Schema extends z.ZodType = z.ZodType> = ToolDefinition<Schema> & {
  readonly [mark]: true;
};

/** Declares a tool: `export const lookUp = defineTool({ name: 'look_up', description, input: z.object({...}), execute })`. */
export function defineTool<Schema extends z.ZodType>(
  definition: ToolDefinition<Schema>,
): DefinedTool<Schema> {
  return Object.assign({ [mark]: true as const }, definition);
}

/** Whether a value was made by `defineTool`, also by another copy of this package. */
export function isDefinedTool(value: unknown): value is DefinedTool {
  return typeof value === 'object' && value !== null && mark in value;
}
