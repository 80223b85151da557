import { z } from 'zod';
import { agentDefinitionSchema } from '../agent-file/agent-file.ts';
import { eventSchema, type Event } from '../event/event.ts';
import { agentNameSchema } from '../id.ts';
import { sessionSchema } from '../session.ts';

/** Query of every list: an opaque cursor from the page before, and how many items at most. */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** Which page of a list is wanted, with the defaults filled in. */
export type PageQuery = z.infer<typeof pageQuerySchema>;
/** Which page of a list, as a client asks. */
export type PageInput = z.input<typeof pageQuerySchema>;

/** One page of sessions, newest first. */
export const sessionPageSchema = z.strictObject({
  items: z.array(sessionSchema),
  next_cursor: z.string().nullable(),
});

/** One page of the list of sessions. */
export type SessionPage = z.infer<typeof sessionPageSchema>;

/** Query of `GET /v1/sessions/{id}/log`: `after` is the `seq` of the last event that the client has. */
export const listEventsSchema = z.strictObject({
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** Which events of a session to list, as a client asks. */
export type ListEvents = z.input<typeof listEventsSchema>;

/** Events of a session, oldest first. */
export const eventPageSchema = z.strictObject({
  items: z.array(eventSchema),
  /** `after` of the next page; null when the log has no more at present. */
  next_after: z.int().positive().nullable(),
});
/** Events of a session, oldest first. */
export interface EventPage {
  items: Event[];
  next_after: number | null;
}

/** Body of `POST /v1/sessions/{id}/fork`: copies the log up to and with the event `at`; absent: all of it. */
export const forkSessionSchema = z.strictObject({ at: z.int().positive().optional() });

/** An agent as the API lists it. */
export const agentSummarySchema = z.strictObject({
  name: agentNameSchema,
  description: z.string(),
  models: z.array(z.string()),
  tools: z.array(z.string()),
});
/** One page of agents, by name. */
export const agentPageSchema = z.strictObject({
  items: z.array(agentSummarySchema),
  next_cursor: z.string().nullable(),
});
/** One page of the list of agents. */
export type AgentPage = z.infer<typeof agentPageSchema>;

/** One agent, whole. */
export const agentDetailSchema = agentSummarySchema.extend({
  definition_hash: z.string(),
  definition: agentDefinitionSchema,
});
/** An agent with its definition. */
export type AgentDetail = z.infer<typeof agentDetailSchema>;
