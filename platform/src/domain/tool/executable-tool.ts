import {
  BatutaError,
  secretNameSchema,
  jsonObjectSchema,
  type JsonObject,
  type JsonValue,
} from '@batuta/contract';
import { z } from 'zod';
import { isToolOutput, type ToolDefinition, type ToolResult } from '../../port/tool-definition.ts';
import type { ExecutableTool, ParsedArguments, ToolAnnotations, ToolOutput } from '../../port/tool.ts';
import { describeIssues, issuesClause } from '../definition/describe-issue.ts';
import { schemaKeys } from '../definition/schema-keys.ts';

/** What is assumed of a tool that does not say: the worst, as MCP assumes it. */
const worstAnnotations: ToolAnnotations = {
  readOnly: false,
  destructive: true,
  idempotent: false,
  openWorld: true,
};

const flag = z.boolean().optional();

/** What a definition must be; checked again here because tool files are not type-checked when they are loaded. */
const definitionSchema = z.object({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" and "-"'),
  description: z.string().trim().min(1).max(8192),
  input: z.custom((value) => typeof value === 'object' && value !== null && '_zod' in value, {
    error: 'must be a zod schema: z.object({ ... })',
  }),
  annotations: z
    .strictObject({
      readOnly: flag,
      destructive: flag,
      idempotent: flag,
      openWorld: flag,
      confined: flag,
      privateData: flag,
      untrusted: flag,
    })
    .optional(),
  secrets: z.array(secretNameSchema).max(16).optional(),
  timeoutSeconds: z.number().min(0.001).max(86_400).optional(),
  missing: z
    .custom((value) => typeof value === 'function', { error: 'must be a function: missing()' })
    .optional(),
  execute: z.custom((value) => typeof value === 'function', {
    error: 'must be a function: execute(input, context)',
  }),
});

/** Makes the tool of a definition. Errors: `tool-definition-invalid`, which says what is wrong and how to mend it. */
export function makeExecutableTool(
  definition: ToolDefinition,
  defaultTimeoutSeconds: number,
): ExecutableTool {
  refuse(definition.name, faultOf(definition));
  const { input, timeoutSeconds = defaultTimeoutSeconds } = definition;
  return {
    kind: 'execute',
    name: definition.name,
    reference: definition.name,
    description: definition.description,
    inputSchema: inputSchemaOf(definition),
    annotations: { ...worstAnnotations, ...readOnlyImplies(definition), ...definition.annotations },
    ...(saysWhatItDoes(definition) ? {} : { undeclared: true }),
    ...(definition.secrets === undefined ? {} : { secrets: definition.secrets }),
    ...(definition.missing === undefined ? {} : { missing: definition.missing }),
    timeoutMs: timeoutSeconds * 1000,
    parse: (value) => parseArguments(input, value),
    execute: async (value, context) => resultOf(await definition.execute(input.parse(value), context)),
  };
}

/** Checks arguments. The value goes on as it came: what the schema makes of it is made again when the tool is executed. */
export function parseArguments(schema: z.ZodType, value: JsonValue): ParsedArguments {
  try {
    const parsed = schema.safeParse(value, { reportInput: true });
    if (parsed.success) return { ok: true, value };
    const issues = describeIssues(parsed.error.issues, (path) => schemaKeys(schema, path));
    return { ok: false, summary: issuesClause(issues) };
  } catch (error) {
    return { ok: false, summary: `they could not be checked (${reasonOf(error)})` };
  }
}

/** JSON Schema of the arguments of a zod schema, without the dialect's address, which some providers refuse. */
export function toInputSchema(schema: z.ZodType): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return jsonObjectSchema.parse(JSON.parse(JSON.stringify(rest)));
}

function readOnlyImplies({ annotations }: ToolDefinition): Partial<ToolAnnotations> {
  return annotations?.readOnly === true ? { destructive: false, idempotent: true } : {};
}

function saysWhatItDoes({ annotations }: ToolDefinition): boolean {
  return annotations?.readOnly !== undefined || annotations?.destructive !== undefined;
}

function faultOf(definition: ToolDefinition): string | undefined {
  const parsed = definitionSchema.safeParse(definition, { reportInput: true });
  if (parsed.success) return undefined;
  const issues = describeIssues(parsed.error.issues, (path) => schemaKeys(definitionSchema, path));
  return issuesClause(issues);
}

function inputSchemaOf({ name, input }: ToolDefinition): JsonObject {
  let schema: JsonObject;
  try {
    schema = toInputSchema(input);
  } catch (error) {
    throw new BatutaError(
      'tool-definition-invalid',
      { tool: name, reason: `its input cannot be said in JSON Schema (${reasonOf(error)}); use JSON types` },
      { cause: error },
    );
  }
  refuse(name, schema['type'] === 'object' ? undefined : 'its input must be an object: z.object({ ... })');
  return schema;
}

function refuse(name: unknown, fault: string | undefined): void {
  if (fault !== undefined)
    throw new BatutaError('tool-definition-invalid', { tool: String(name), reason: fault });
}

function resultOf(result: ToolResult): string | ToolOutput {
  if (result === undefined) return 'done';
  if (isToolOutput(result)) return result;
  return typeof result === 'string' ? result : JSON.stringify(result);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
