import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

const api = z.string();
const fault = z.strictObject({ api, place: z.string(), reason: z.string() });

/** APIs whose operations are tools. */
export const apiErrors = {
  'api-document-invalid': entry(
    422,
    'API document invalid',
    'The document of the API "{api}" cannot be used: at {place}: {reason}.',
    fault,
  ),
  'api-document-unreadable': entry(
    422,
    'API document unreadable',
    'The document of the API "{api}" cannot be read: {reason}.',
    z.strictObject({ api, reason: z.string() }),
  ),
  'api-operation-left-out': entry(
    422,
    'Operation left out',
    'The operation {operation} of the API "{api}" is left out: at {place}: {reason}.',
    z.strictObject({ api, operation: z.string(), place: z.string(), reason: z.string() }),
  ),
  'api-setting-unfit': entry(
    422,
    'API setting unfit',
    'openapi.apis.{api}.{setting} of batuta.yaml: {reason}.',
    z.strictObject({ api, setting: z.string(), reason: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
