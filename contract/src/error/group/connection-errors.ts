import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What keeps a client from reaching a platform. */
export const connectionErrors = {
  'key-not-found': entry(
    401,
    'No key found',
    'No key was found for {url}, also not in {file}. Give one with --key or BATUTA_KEY.',
    z.strictObject({ url: z.string(), file: z.string() }),
  ),
  'policy-cases-missing': entry(
    404,
    'No cases of policies',
    'There is no file {file} with cases. Write one, such as "cases: [{ name: notes ask, agent: clerk, tool: send_note, arguments: { text: hi }, expect: { effect: ask } }]", or name another file.',
    z.strictObject({ file: z.string() }),
  ),
  'file-unreadable': entry(
    500,
    'Unreadable file',
    'The file {file} cannot be read: {reason}.',
    z.strictObject({ file: z.string(), reason: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
