import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** What is wrong with files and settings. */
export const definitionErrors = {
  'agent-file-invalid': entry(
    422,
    'Invalid agent file',
    '{file}:{line}: {reason}.{hint}',
    z.strictObject({ file: z.string(), line: z.int(), reason: z.string(), hint: z.string() }),
  ),
  'skill-file-changed': entry(
    409,
    'Skill changed',
    '{file} has changed since the platform was started. Restart it, so that runs begin with the skill as it is now.',
    z.strictObject({ file: z.string() }),
  ),
  'tool-file-invalid': entry(
    500,
    'Invalid tool file',
    '{file}: {reason}.{hint}',
    z.strictObject({ file: z.string(), reason: z.string(), hint: z.string() }),
  ),
  'tool-definition-invalid': entry(
    500,
    'Invalid tool',
    'The tool "{tool}" cannot be used: {reason}.',
    z.strictObject({ tool: z.string(), reason: z.string() }),
  ),
  'configuration-invalid': entry(
    500,
    'Invalid configuration',
    '{name} (from {source}) {reason}.',
    z.strictObject({ name: z.string(), source: z.string(), reason: z.string() }),
  ),
  'project-invalid': entry(
    500,
    'Invalid project',
    'The project folder {folder} cannot be used: {reason}.',
    z.strictObject({ folder: z.string(), reason: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
