import { z } from 'zod';
import { entry, type ErrorEntry } from '../error-entry.ts';

/** Workspaces and the commands that run in them. */
export const sandboxErrors = {
  'sandbox-unavailable': entry(
    503,
    'Sandbox unavailable',
    'Commands cannot run here ({kind}): {reason}. {mend}',
    z.strictObject({ kind: z.string(), reason: z.string(), mend: z.string() }),
  ),
  'sandbox-off': entry(
    422,
    'Sandbox switched off',
    'Commands are switched off on this platform (sandbox.kind is off).',
    z.strictObject({}),
  ),
  'terminal-unconfined': entry(
    403,
    'Terminal not allowed',
    'Nothing keeps commands in here (sandbox.kind is none): a terminal would be a shell on the machine itself, as the user of the platform. Use bubblewrap or a container, or set terminal.unconfined to allowed.',
    z.strictObject({}),
  ),
  'terminal-unknown': entry(
    404,
    'Unknown terminal',
    'There is no terminal {id} of yours in this session any more. Connect without its id for a new one.',
    z.strictObject({ id: z.string() }),
  ),
  'terminals-full': entry(
    429,
    'Too many terminals',
    '{whose} has {limit} open terminals, which is its limit. Close one, or raise {setting}.',
    z.strictObject({ whose: z.string(), limit: z.int(), setting: z.string(), retry_after_seconds: z.int() }),
  ),
  'terminal-taken': entry(
    409,
    'Terminal taken up elsewhere',
    'This terminal was taken up by another connection.',
    z.strictObject({}),
  ),
  'command-invalid': entry(
    422,
    'Invalid command',
    'The command cannot be run: {reason}.',
    z.strictObject({ reason: z.string() }),
  ),
  'workspace-path-refused': entry(
    422,
    'Path refused',
    'The path "{path}" cannot be used: {reason}.',
    z.strictObject({ path: z.string(), reason: z.string() }),
  ),
  'workspace-file-unknown': entry(
    404,
    'Unknown file',
    'There is nothing at "{path}" in the workspace; list_files shows what there is.',
    z.strictObject({ path: z.string() }),
  ),
  'workspace-full': entry(
    422,
    'Workspace full',
    'The workspace has no room left: {reason}. Delete files that are not needed any more.',
    z.strictObject({ reason: z.string() }),
  ),
  'workspace-elsewhere': entry(
    409,
    'Workspace on another machine',
    'The files of session {session_id} are on a disk that this process does not see. Let all workers share the data directory (database.data_dir), or let one machine do the work.',
    z.strictObject({ session_id: z.string() }),
  ),
  'snapshot-unknown': entry(
    404,
    'Unknown snapshot',
    'There is no snapshot "{name}" of this workspace.',
    z.strictObject({ name: z.string() }),
  ),
} as const satisfies Record<string, ErrorEntry>;
