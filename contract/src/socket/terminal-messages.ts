import { z } from 'zod';
import { terminalIdSchema } from '../id.ts';

/**
 * Messages of `GET /v1/sessions/{id}/terminal`. Binary frames are what is typed (from the client) and what is shown (from the server). A
 * connection that breaks off can be taken up again with the id of the terminal; the screen is then shown again.
 */

const columns = z.coerce.number().int().min(1).max(1000);
const rows = z.coerce.number().int().min(1).max(1000);

/** Query of the connection: how large the terminal is, and which one is taken up again; absent: a new one. */
export const terminalQuerySchema = z.strictObject({
  columns: columns.default(80),
  rows: rows.default(24),
  terminal: terminalIdSchema.optional(),
});

/** Query of the connection. */
export type TerminalQuery = z.infer<typeof terminalQuerySchema>;

/** What a client says besides what is typed: that the terminal has another size, or that it shall end now. */
export const terminalRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('resize'),
    columns: z.int().min(1).max(1000),
    rows: z.int().min(1).max(1000),
  }),
  z.strictObject({ type: z.literal('close') }),
]);

/** What a client says besides what is typed. */
export type TerminalRequest = z.infer<typeof terminalRequestSchema>;

/** The first message of the server. */
export const terminalOpenedSchema = z.strictObject({
  type: z.literal('opened'),
  terminal: terminalIdSchema,
  session_id: z.string(),
  /** How it is kept in: bubblewrap, a container, or not at all. */
  sandbox: z.enum(['bubblewrap', 'container', 'none']),
  /** True: it was there before, and its screen follows. */
  resumed: z.boolean(),
  /** How long it waits for a client that has gone. */
  grace_seconds: z.int(),
});

/** Why a terminal ended. */
export const terminalEndReasons = [
  'exited',
  'closed',
  'abandoned',
  'idle',
  'limit',
  'session-deleted',
  'access-ended',
  'stopping',
] as const;

/** Why a terminal ended: its shell did by itself; it was closed; nobody came back; nobody typed; a limit was reached ... */
export type TerminalEndReason = (typeof terminalEndReasons)[number];

/** The last message of the server when the terminal has ended. */
export const terminalEndedSchema = z.strictObject({
  type: z.literal('ended'),
  reason: z.enum(terminalEndReasons),
  /** Null when the shell did not end by itself. */
  exit_code: z.int().nullable(),
  /** The limit that was reached: `time`, `memory`, `disk` ...; null: none. */
  limit: z.string().nullable(),
});

/** The last message of the server when the terminal has ended. */
export type TerminalEnded = z.infer<typeof terminalEndedSchema>;

/** What the server says besides what is shown. Another one may follow in later versions. */
export type TerminalAnswer = z.infer<typeof terminalOpenedSchema> | TerminalEnded;
