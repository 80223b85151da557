import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';
import { policyEffectSchema } from '../policy/policy-rule.ts';
import { ruleReferenceSchema } from '../policy/rule-reference.ts';
import { pageQuerySchema } from './session-api.ts';

/** Query of `GET /v1/tools`. */
export const listToolsSchema = pageQuerySchema.extend({
  /** Only the tools of this source: `openapi:billing`. */
  source: z.string().min(1).max(128).optional(),
});
/** Which tools are wanted, with the defaults filled in. */
export type ListTools = z.infer<typeof listToolsSchema>;
/** Which tools are wanted, as a client asks. */
export type ListToolsInput = z.input<typeof listToolsSchema>;

/** Where tools come from besides the platform and the project: a tool server, an API. */
export const toolSourceSchema = z.strictObject({
  /** What references to its tools begin with: `mcp:tickets`, `openapi:billing`. */
  name: z.string(),
  state: z.enum(['starting', 'ready', 'failing']),
  /** How many tools it has given. */
  tools: z.int().nonnegative(),
  /** Why it is failing, or what of it could not be taken over. Other tenants than the platform's own are told the codes only. */
  problems: z.array(z.strictObject({ code: z.string(), message: z.string() })),
});
/** A source of tools and how it is. */
export type ToolSourceView = z.infer<typeof toolSourceSchema>;

/** A tool as the API lists it. */
export const toolViewSchema = z.strictObject({
  /** As agent files and rules write it. */
  reference: z.string(),
  /** As models see it. */
  name: z.string(),
  description: z.string(),
  /** Null: it belongs to the platform or the project. */
  source: z.string().nullable(),
  read_only: z.boolean(),
  destructive: z.boolean(),
  idempotent: z.boolean(),
  open_world: z.boolean(),
  /** What becomes of a call in the asker's tenant, as far as no agent's own rules and no conditions say otherwise. */
  policy: policyEffectSchema,
});
/** A tool as the API lists it. */
export type ToolView = z.infer<typeof toolViewSchema>;

/** Answer of `GET /v1/tools`: one page of tools by reference, and all sources. */
export const toolPageSchema = z.strictObject({
  sources: z.array(toolSourceSchema),
  items: z.array(toolViewSchema),
  next_cursor: z.string().nullable(),
});
/** One page of tools. */
export type ToolPage = z.infer<typeof toolPageSchema>;

/** What rules say about a tool before anything is known of a call. */
export const toolStandingSchema = z.strictObject({
  effect: policyEffectSchema,
  /** The rule that decides. */
  rule: ruleReferenceSchema,
  reason: z.string(),
  /** Other rules hold for some of its calls only; `POST /v1/policies/explain` judges a single one. */
  conditional: z.boolean(),
});

/** Answer of `GET /v1/tools/{reference}`. */
export const toolDetailSchema = toolViewSchema.extend({
  input_schema: jsonObjectSchema,
  /** Nobody says what it does: it is denied unless a rule names it. */
  undeclared: z.boolean(),
  /** What it does stays in the workspace of the session. */
  confined: z.boolean(),
  /** What it gives is private. */
  private_data: z.boolean(),
  /** What it gives was written by others. */
  untrusted: z.boolean(),
  /** Seconds after which a call is given up; null: it takes no time of its own. */
  timeout_seconds: z.number().nullable(),
  /** Names of the secrets that it may ask for. */
  secrets: z.array(z.string()),
  /** What it needs and does not have here, and how to mend that; null: nothing. */
  missing: z.string().nullable(),
  /** What the rules of the tenant and the project say, whatever the agent. */
  standing: toolStandingSchema,
  /** Agents that have it, with what becomes of their calls. */
  agents: z.array(toolStandingSchema.extend({ agent: z.string() })),
});
/** A tool, and what the rules say about it. */
export type ToolDetail = z.infer<typeof toolDetailSchema>;
