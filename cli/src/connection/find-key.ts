import { readFile } from 'node:fs/promises';
import type { CommandContext } from '../command-context.ts';
import { failure, reasonOf } from '../failure.ts';
import type { Io } from '../terminal/io.ts';
import type { ProjectLocation } from './locate-project.ts';

/** A key from the command line or the environment; undefined when there is none. */
export async function givenKey(context: CommandContext): Promise<string | undefined> {
  const { environment } = context.io;
  return context.options.key ?? (await keyIn(environment, 'BATUTA_KEY')) ?? (await adminKey(environment));
}

/** The administrator's key from the environment, which the platform of this environment accepts too. */
export async function adminKey(environment: Io['environment']): Promise<string | undefined> {
  return keyIn(environment, 'BATUTA_ADMIN_KEY');
}

async function keyIn(environment: Io['environment'], name: string): Promise<string | undefined> {
  const file = environment[`${name}_FILE`];
  if (environment[name]) return environment[name];
  return file ? readKeyFile(file) : undefined;
}

/** The key that a platform left in its data directory for this user. Errors: `key-not-found`, `file-unreadable`. */
export async function projectKey(location: Pick<ProjectLocation, 'url' | 'keyFile'>): Promise<string> {
  const { url, keyFile: file } = location;
  return readKeyFile(file, () => failure('key-not-found', { url, file }));
}

async function readKeyFile(file: string, missing?: () => Promise<Error>): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (missing !== undefined && isMissing(error)) throw await missing();
    throw await failure('file-unreadable', { file, reason: reasonOf(error) }, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
