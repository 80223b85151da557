import type { z } from 'zod';
import type { AnswerDescription } from '../endpoint.ts';

/** An answer with JSON of a schema. */
export function jsonAnswer(status: number, description: string, schema: z.ZodType): AnswerDescription {
  return { status, description, mediaType: 'application/json', schema };
}

/** An answer with server-sent events. */
export function eventStreamAnswer(description: string): AnswerDescription {
  return { status: 200, description, mediaType: 'text/event-stream' };
}

/** The answer to a client that has everything already. */
export const nothingLeftAnswer: AnswerDescription = {
  status: 204,
  description: 'The run has ended and nothing follows the cursor: do not connect again.',
  mediaType: null,
};

/** The header that a reconnecting client sends. */
export const lastEventIdHeader = {
  'Last-Event-ID':
    'The `id` of the last frame that the client has: the stream goes on after it. Wins over `after`.',
} as const;
