import { z } from 'zod';
import { entry, noData, type ErrorEntry } from '../error-entry.ts';

const name = z.strictObject({ name: z.string() });

/** Secrets and the keys that they are encrypted with. */
export const secretErrors = {
  'secret-unknown': entry(
    404,
    'Unknown secret',
    'There is no secret "{name}". Set it with: batuta secrets set {name}',
    name,
  ),
  'secret-not-declared': entry(
    403,
    'Secret not declared',
    'The tool "{tool}" asks for the secret "{name}", which it does not declare. Add it to the "secrets" of its definition.',
    z.strictObject({ tool: z.string(), name: z.string() }),
  ),
  'secret-key-not-configured': entry(
    409,
    'No key for secrets',
    'Secrets cannot be kept: there is no key to encrypt them with. Set BATUTA_SECRET_KEY (32 random bytes in base64) for all processes.',
    noData,
  ),
  'secret-key-missing': entry(
    500,
    'Key of secrets missing',
    'The key {key_id} is not among the keys of this process ({known}), and stored secrets need it: {count}. Put that key back: {how}.',
    z.strictObject({ count: z.int(), key_id: z.string(), known: z.string(), how: z.string() }),
  ),
  'secret-key-unusable': entry(
    500,
    'Unusable key of secrets',
    'The key of secrets from {source} cannot be used: {reason}.',
    z.strictObject({ source: z.string(), reason: z.string() }),
  ),
  'secret-unreadable': entry(
    500,
    'Unreadable secret',
    'The secret "{name}" cannot be decrypted: it was changed in the database, or moved there from another place. Set it again.',
    name,
  ),
} as const satisfies Record<string, ErrorEntry>;
