import { z } from 'zod';
import { limitPeriodSchema, limitResourceSchema, limitSubjectSchema } from '../../limit.ts';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** A request that cannot be understood or is too large. */
export const requestErrors = {
  'request-invalid': entry(
    400,
    'Invalid request',
    'The request is not valid: {summary}.',
    z.strictObject({
      summary: z.string(),
      issues: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    }),
  ),
  'request-not-json': entry(
    400,
    'Not JSON',
    'The body is not valid JSON: {reason}. Send JSON with content-type application/json.',
    z.strictObject({ reason: z.string() }),
  ),
  'request-too-large': entry(
    413,
    'Request too large',
    'The body is larger than {limit_bytes} bytes. Send less, or raise server.max_body_bytes.',
    z.strictObject({ limit_bytes: z.int() }),
  ),
  'media-type-unsupported': entry(
    415,
    'Unsupported media type',
    'The content type "{content_type}" is not supported here. Send application/json.',
    z.strictObject({ content_type: z.string() }),
  ),
  'cursor-invalid': entry(
    400,
    'Invalid cursor',
    'The cursor "{cursor}" is not one that this API gave out.',
    z.strictObject({ cursor: z.string() }),
  ),
  'route-unknown': entry(
    404,
    'Unknown address',
    'There is no {method} {path}. See /openapi.json for what there is.',
    z.strictObject({ method: z.string(), path: z.string() }),
  ),
  'method-not-allowed': entry(
    405,
    'Method not allowed',
    '{method} is not possible at {path}. Use {allowed}.',
    z.strictObject({ method: z.string(), path: z.string(), allowed: z.string() }),
  ),
  'request-malformed': entry(
    400,
    'Malformed request',
    'The request is not valid HTTP: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'headers-too-large': entry(
    431,
    'Headers too large',
    'The headers of the request are larger than {limit_bytes} bytes.',
    z.strictObject({ limit_bytes: z.int() }),
  ),
  'request-timeout': entry(
    408,
    'Request timed out',
    'The request was not received whole within {seconds} s.',
    z.strictObject({ seconds: z.int() }),
  ),
  'streams-full': entry(
    503,
    'Too many streams',
    'This server has {limit} open streams, which is its limit. Try again in {retry_after_seconds} s.',
    z.strictObject({ limit: z.int(), retry_after_seconds: z.int() }),
  ),
  'rate-limited': entry(
    429,
    'Too many requests',
    'The limit of {limit} {resource} a {per} for this {subject} is reached. Try again in {retry_after_seconds} s.',
    z.strictObject({
      subject: limitSubjectSchema,
      resource: limitResourceSchema,
      per: limitPeriodSchema,
      limit: z.int(),
      retry_after_seconds: z.int(),
    }),
  ),
  'host-not-allowed': entry(
    403,
    'Host not allowed',
    'The host "{host}" is not served here. Add it to server.allowed_hosts.',
    z.strictObject({ host: z.string() }),
  ),
  'origin-not-allowed': entry(
    403,
    'Origin not allowed',
    'Requests from the origin "{origin}" are not allowed. Add it to server.allowed_origins.',
    z.strictObject({ origin: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
