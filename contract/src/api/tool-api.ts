import { z } from 'zod';
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
  /** Why it is failing, or what of it could not be taken over. */
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
