import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** Connections that stay open and carry messages both ways. */
export const socketErrors = {
  'upgrade-required': entry(
    426,
    'WebSocket needed',
    '{path} is a WebSocket. Connect to it with a WebSocket client.',
    z.strictObject({ path: z.string() }),
  ),
  'sockets-full': entry(
    503,
    'Too many WebSockets',
    'This server has {limit} open WebSockets, which is its limit. Try again in {retry_after_seconds} s, or raise socket.max_open.',
    z.strictObject({ limit: z.int(), retry_after_seconds: z.int() }),
  ),
  'sockets-too-many': entry(
    429,
    'Too many WebSockets of one caller',
    'You have {limit} open WebSockets here, which is the limit of each caller. Close one, or raise socket.max_per_caller.',
    z.strictObject({ limit: z.int(), retry_after_seconds: z.int() }),
  ),
  'socket-message-invalid': entry(
    400,
    'Invalid message',
    'A message over the WebSocket is not valid: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'socket-reader-slow': entry(
    408,
    'Read too slowly',
    'More than {limit_bytes} bytes waited to be read. Connect again.',
    z.strictObject({ limit_bytes: z.int() }),
  ),
  'socket-idle': entry(
    408,
    'Idle for too long',
    'No message went over the WebSocket for {seconds} s.',
    z.strictObject({ seconds: z.int() }),
  ),
  'socket-expired': entry(
    408,
    'Open for too long',
    'The WebSocket was open for {seconds} s, which is its limit. Connect again.',
    z.strictObject({ seconds: z.int() }),
  ),
} satisfies Record<string, ErrorEntry>;
