import { z } from 'zod';
import { entry, noData, type ErrorEntry } from '../error-entry.ts';

/** Who may enter. */
export const accessErrors = {
  'key-missing': entry(401, 'No API key', 'Send an API key as "Authorization: Bearer <key>".', noData),
  'key-invalid': entry(401, 'Invalid API key', 'The API key is unknown, expired or revoked.', noData),
  'token-invalid': entry(
    401,
    'Invalid token',
    'The token is not accepted: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'token-unverifiable': entry(
    401,
    'Token cannot be verified',
    'The token cannot be verified now: the keys of {issuer} cannot be read. Try again soon; the log tells why.',
    z.strictObject({ issuer: z.string() }),
  ),
  'access-ended': entry(
    401,
    'Access ended',
    'What this was opened with is no longer good: {reason}. Come back with a key, token or session that is.',
    z.strictObject({ reason: z.string() }),
  ),
  'login-failed': entry(
    401,
    'Sign-in failed',
    'You were not signed in: {reason}. Begin again at /login/oidc.',
    z.strictObject({ reason: z.string() }),
  ),
  'permission-missing': entry(
    403,
    'Not permitted',
    'This key may not do that: it lacks the scope "{scope}".',
    z.strictObject({ scope: z.string() }),
  ),
  'approval-role-missing': entry(
    403,
    'Role is too low',
    'Approval {id} needs the role {needed}; yours is {role}.',
    z.strictObject({ id: z.string(), needed: z.string(), role: z.string() }),
  ),
  'grant-too-wide': entry(
    403,
    'More than you have',
    'You cannot give away more than you have: {excess}. Ask for less, or let somebody who has it do it.',
    z.strictObject({ excess: z.string() }),
  ),
  'access-disabled': entry(
    403,
    'Access disabled',
    'The {what} {id} is disabled. Ask an administrator to enable it.',
    z.strictObject({ what: z.enum(['user', 'tenant']), id: z.string() }),
  ),
  'login-token-invalid': entry(
    401,
    'Invalid login link',
    'The login link was used already or has expired. Each start of Batuta prints a new one: batuta start.',
    noData,
  ),
} as const satisfies Record<string, ErrorEntry>;
