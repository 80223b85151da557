import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What goes wrong with searching and reading the web. */
export const webErrors = {
  'search-failed': entry(
    502,
    'Search failed',
    'The search engine {engine} did not answer the question: {reason}.{hint}',
    z.strictObject({ engine: z.string(), reason: z.string(), hint: z.string() }),
  ),
  'search-not-configured': entry(
    503,
    'No search engine',
    'No search engine is configured. Set one of: {settings}.',
    z.strictObject({ settings: z.string() }),
  ),
  'document-unreadable': entry(
    422,
    'Document cannot be read',
    'The document at {address} cannot be read: {reason}.',
    z.strictObject({ address: z.string(), reason: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
