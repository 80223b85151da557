import { z } from 'zod';
import { entry, idData, noData, type ErrorEntry } from '../error-entry.ts';

/** Ids and names that nobody knows. */
export const unknownThingErrors = {
  'agent-unknown': entry(
    404,
    'Unknown agent',
    'There is no agent "{agent}".{hint}',
    z.strictObject({ agent: z.string(), hint: z.string() }),
  ),
  'skill-unknown': entry(
    404,
    'Skill unknown',
    'There is no skill "{skill}".{hint}',
    z.strictObject({ skill: z.string(), hint: z.string() }),
  ),
  'run-unknown': entry(404, 'Unknown run', 'There is no run "{id}".', idData),
  'session-unknown': entry(404, 'Unknown session', 'There is no session "{id}".', idData),
  'artifact-unknown': entry(404, 'Unknown artifact', 'There is no artifact "{id}".', idData),
  'approval-link-unknown': entry(404, 'Unknown link', 'There is no such link to an approval.', noData),
  'approval-unknown': entry(404, 'Unknown approval', 'There is no approval "{id}".', idData),
  'key-unknown': entry(404, 'Unknown key', 'There is no API key "{id}".', idData),
  'user-unknown': entry(404, 'Unknown user', 'There is no user "{id}".', idData),
  'tenant-unknown': entry(404, 'Unknown tenant', 'There is no tenant "{id}".', idData),
  'team-unknown': entry(
    404,
    'Unknown team',
    'There is no team "{team}".{hint}',
    z.strictObject({ team: z.string(), hint: z.string() }),
  ),
  'budget-unknown': entry(404, 'Unknown budget', 'There is no budget "{id}".', idData),
  'schedule-unknown': entry(404, 'Unknown schedule', 'There is no schedule "{id}".', idData),
  'authorization-unknown': entry(404, 'Unknown consent', 'There is no consent "{id}".', idData),
  'webhook-unknown': entry(404, 'Unknown webhook', 'There is no webhook "{id}".', idData),
  'delivery-unknown': entry(
    404,
    'Unknown delivery',
    'Webhook {id} has no delivery "{message_id}".',
    z.strictObject({ id: z.string(), message_id: z.string() }),
  ),
  'event-unknown': entry(
    404,
    'Unknown event',
    'Session {id} has no event {seq}.',
    z.strictObject({ id: z.string(), seq: z.int() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
