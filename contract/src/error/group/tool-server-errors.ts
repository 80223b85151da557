import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** Tool servers, and what is known of calls that went outside. */
export const toolServerErrors = {
  'tool-server-unavailable': entry(
    503,
    'Tool server unavailable',
    'The tool server {server} is not available: {reason}.',
    z.strictObject({ server: z.string(), reason: z.string() }),
  ),
  'tool-server-problem': entry(
    502,
    'Problem of a tool server',
    'There is a problem with the tool server {server}: {reason}.',
    z.strictObject({ server: z.string(), reason: z.string() }),
  ),
  'tool-gone': entry(
    404,
    'Tool gone',
    'The tool server {server} does not have the tool {tool} any more. Use another one.',
    z.strictObject({ server: z.string(), tool: z.string() }),
  ),
  'authorization-needed': entry(
    403,
    'Consent needed',
    '{server} needs the consent of a person before it can be used: {reason}.',
    z.strictObject({ server: z.string(), reason: z.string() }),
  ),
  'authorization-failed': entry(
    400,
    'Consent not completed',
    'The consent could not be completed: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'authorization-not-yours': entry(
    403,
    'Consent of somebody else',
    'The consent at {server} was asked of a user. Sign in to this server as that user in this browser, then open the link again.',
    z.strictObject({ server: z.string() }),
  ),
  'consent-service-unknown': entry(
    404,
    'Service unknown',
    'There is no service "{service}" at which people consent. Known are: {known}.',
    z.strictObject({ service: z.string(), known: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
