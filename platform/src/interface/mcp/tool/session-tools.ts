import { runIdSchema, sessionIdSchema, sessionPageSchema, type Event } from '@batuta/contract';
import { z } from 'zod';
import { defineMcpTool, pageFields, reads, type McpTool } from '../mcp-tool.ts';

/** Characters of events that one answer carries, and of one text in them. */
const mostCharacters = 100_000;
const longestText = 8_000;

const listSessions = defineMcpTool({
  name: 'list_sessions',
  title: 'List sessions',
  description: 'Lists conversations, newest first.',
  scope: 'sessions:read',
  annotations: reads,
  input: z.strictObject(pageFields),
  output: sessionPageSchema,
  run: async (page, { application, identity }) => ({ ...(await application.sessions.list(identity, page)) }),
});

/** An event with its data as it is: the schemas of all kinds would fill the list of tools. */
const shownEventSchema = z.strictObject({
  seq: z.int().positive(),
  run_id: runIdSchema,
  kind: z.string(),
  at: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
const shownEventsSchema = z.strictObject({
  items: z.array(shownEventSchema),
  next_after: z.int().positive().nullable(),
});
type ShownEvent = z.infer<typeof shownEventSchema>;

const getSessionEvents = defineMcpTool({
  name: 'get_session_events',
  title: 'Read the events of a session',
  description:
    'Reads what happened in a conversation, oldest first: messages, tool calls, decisions, costs. Long texts are shortened; go on with `after` set to `next_after`.',
  scope: 'sessions:read',
  annotations: reads,
  input: z.strictObject({
    session_id: sessionIdSchema,
    after: z.int().min(0).max(2_147_483_647).default(0).describe('`seq` of the last event that you have.'),
    limit: pageFields.limit,
  }),
  output: shownEventsSchema,
  target: ({ session_id }) => session_id,
  async run({ session_id: id, ...range }, { application, identity }) {
    const page = await application.sessions.log(identity, id, range);
    return fit(page.items.map(show), page.next_after);
  },
});

function show({ seq, run_id, kind, at, data }: Event): ShownEvent {
  const shortened: unknown = JSON.parse(JSON.stringify(data), (_, value: unknown) => shorten(value));
  return { seq, run_id, kind, at, data: shortened as ShownEvent['data'] };
}

function shorten(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= longestText) return value;
  return `${value.slice(0, longestText)} ... (${value.length - longestText} more characters)`;
}

/** As many as fit into one answer, and at least one. */
function fit(events: readonly ShownEvent[], rest: number | null): z.infer<typeof shownEventsSchema> {
  let characters = 0;
  const fitting = events.findIndex((event, index) => {
    characters += JSON.stringify(event).length;
    return index > 0 && characters > mostCharacters;
  });
  if (fitting < 0) return { items: [...events], next_after: rest };
  const items = events.slice(0, fitting);
  return { items, next_after: items.at(-1)?.seq ?? null };
}

export const sessionTools: readonly McpTool[] = [listSessions, getSessionEvents];
