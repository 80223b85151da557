import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What goes wrong with browsers and pages. */
export const browserErrors = {
  'browser-missing': entry(
    503,
    'No browser',
    'There is no Chromium on this machine{looked}. Install it, for example: {install}. Or name another one: BATUTA_BROWSER_EXECUTABLE.',
    z.strictObject({ looked: z.string(), install: z.string() }),
  ),
  'browser-failed': entry(
    502,
    'Browser failed',
    'The browser could not {what}: {reason}.{hint}',
    z.strictObject({ what: z.string(), reason: z.string(), hint: z.string() }),
  ),
  'browser-elsewhere': entry(
    409,
    'Browser elsewhere',
    'Browsers run in the processes that run agents, and this process only serves the API. Ask a process of `batuta serve --role all`, or `batuta start`.',
    z.strictObject({}),
  ),
  'browser-busy': entry(
    503,
    'Browser busy',
    'All {limit} browser windows are in use. Try again in a moment, or allow more: BATUTA_BROWSER_MAX_WINDOWS.',
    z.strictObject({ limit: z.number() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
