import { z } from 'zod';
import { problemSchema } from '../error/problem.ts';

/**
 * What all WebSockets of the platform have in common. Text frames are control messages: JSON objects with a `type`. Binary frames carry
 * what comes in bulk; each endpoint says what they are. Before the server closes one for a reason, it tells that reason in an error message.
 */

/** Name of the subprotocol. A client may leave it out. */
export const socketProtocol = 'batuta.v1';

/** Tells why the server closes the connection right after it. */
export const socketErrorSchema = z.strictObject({ type: z.literal('error'), problem: problemSchema });

/** Tells why the server closes the connection right after it. */
export type SocketError = z.infer<typeof socketErrorSchema>;

/** With which code the server closes (RFC 6455). The reason beside it is the code of the error. */
export const socketCloseCodes = {
  /** All is said, or it was idle or open for too long. */
  done: 1000,
  /** A message that cannot be understood. */
  invalid: 1007,
  /** The client may not go on: its access has ended, or it asked for what is not possible. */
  refused: 1008,
  /** A message that is too large. */
  tooLarge: 1009,
  /** Something failed inside. */
  failed: 1011,
  /** The server stops: connect again, to another process or to this one after its restart. */
  restart: 1012,
  /** The client reads too slowly: connect again. */
  slow: 1013,
} as const;
