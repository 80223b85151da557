import { z } from 'zod';
import type { Scope } from '../../application/access/identity.ts';
import type { SingleTool } from '../../application/tool/single-tools.ts';
import { requestInvalid } from '../http/request/request-invalid.ts';
import { findJsonFault } from '../http/request/check-json.ts';
import { checkPart } from '../http/request/check-part.ts';
import type { McpCall, PersonalQuestion } from './mcp-caller.ts';
import { toObjectSchema, type ObjectSchema } from './object-schema.ts';

/** What a tool does, in the protocol's words. */
export interface McpAnnotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

/** Something for the client's model to look at or listen to. */
export interface McpMedia {
  type: 'image' | 'audio';
  mimeType: string;
  /** Base64. */
  data: string;
}

/** What a tool gave: the structure that its output schema describes, or a question that a person must answer first. */
export type McpOutcome =
  | {
      kind: 'done';
      structure: Record<string, unknown>;
      media: McpMedia | null;
      target: string | null;
      /** What was to be done was not done; the structure says why. */
      failed: boolean;
    }
  | { kind: 'question'; question: PersonalQuestion };

/** A tool of the server: one use case, called with the identity of the client. */
export interface McpTool {
  name: string;
  title: string;
  description: string;
  /** What the identity must be allowed; others do not see the tool. */
  scope: Scope;
  annotations: McpAnnotations;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  /** The arguments that can be given to it, where these tools can be called by themselves; null: it is not offered. */
  offer(single: readonly SingleTool[]): ObjectSchema | null;
  /** Errors: `request-invalid`, and those of the use case. */
  call(input: unknown, call: McpCall): Promise<McpOutcome>;
}

interface Definition<I, O extends Record<string, unknown>> {
  name: string;
  title: string;
  description: string;
  scope: Scope;
  annotations: McpAnnotations;
  input: z.ZodType<I>;
  output: z.ZodType<O>;
  /** The id of what the call was about, for the audit log. */
  target?: (input: I, output: O) => string | null;
  /** What of the answer is to be seen or heard. */
  media?: (output: O) => McpMedia | null;
  /** Whether it did not do what it was to do. */
  failed?: (output: O) => boolean;
  /** Absent: it is always offered, with all of its arguments. */
  offer?: (single: readonly SingleTool[], inputSchema: ObjectSchema) => ObjectSchema | null;
  /** Null: nothing has to be asked, or it was agreed to. */
  ask?: (input: I, call: McpCall) => Promise<PersonalQuestion | null>;
  run: (input: I, call: McpCall) => Promise<O>;
}

/** Reads and changes nothing. */
export const reads: McpAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Changes something, and what it starts may reach anywhere. */
export const acts: McpAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
};

/** Defines a tool. Its schemas are converted when somebody asks for them. */
export function defineMcpTool<I, O extends Record<string, unknown>>(definition: Definition<I, O>): McpTool {
  const { name, title, description, scope, annotations, input, output, ask, run } = definition;
  let inputSchema: ObjectSchema | undefined;
  let outputSchema: ObjectSchema | undefined;
  const inputs = () => (inputSchema ??= toObjectSchema(input, 'input'));
  return {
    name,
    title,
    description,
    scope,
    annotations,
    get inputSchema() {
      return inputs();
    },
    get outputSchema() {
      return (outputSchema ??= toObjectSchema(output, 'output'));
    },
    offer: (single) => (definition.offer ? definition.offer(single, inputs()) : inputs()),
    async call(raw, call) {
      const fault = findJsonFault(raw);
      if (fault !== undefined) throw requestInvalid([{ ...fault, path: `arguments.${fault.path}` }]);
      const checked = checkPart('arguments', input, raw);
      const question = ask === undefined ? null : await ask(checked, call);
      if (question !== null) return { kind: 'question', question };
      const structure = await run(checked, call);
      return {
        kind: 'done',
        structure,
        media: definition.media?.(structure) ?? null,
        target: definition.target?.(checked, structure) ?? null,
        failed: definition.failed?.(structure) ?? false,
      };
    },
  };
}

/** One page of a list, as every tool that lists takes it. */
export const pageFields = {
  cursor: z.string().max(512).optional().describe('`next_cursor` of the page before.'),
  limit: z.int().min(1).max(100).default(20).describe('At most so many.'),
};
