import { execFile } from 'node:child_process';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { BatutaError } from '@batuta/contract';
import type { Configuration } from '../domain/configuration/settings.ts';
import { readSecretKey } from '../domain/secret/key-ring.ts';
import type { SecretKeySource } from '../port/secret-store.ts';
import { secretKeyFileOf } from './data-folder.ts';

const commandTimeoutMs = 10_000;

/**
 * Where the keys of secrets come from: the configuration, a command, or, beside an embedded database, a file that is made when the first
 * secret is set. Processes that share a database server must share their keys, so that no file is made for those.
 */
export function makeSecretKeys(configuration: Configuration): SecretKeySource {
  const { key, keyCommand } = configuration.secrets;
  if (key !== undefined && keyCommand !== undefined) {
    const reason = 'is set besides secrets.key: remove one of them';
    const name = 'secrets.key_command';
    throw new BatutaError('configuration-invalid', { name, source: 'the configuration', reason });
  }
  if (key !== undefined) return fromConfiguration(key);
  if (keyCommand !== undefined) return fromCommand(keyCommand);
  return configuration.database.url === undefined ? fromFile(secretKeyFileOf(configuration)) : none;
}

const none: SecretKeySource = {
  how: 'set BATUTA_SECRET_KEY',
  load: async () => [],
  store: null,
};

function fromConfiguration(configured: string): SecretKeySource {
  return {
    how: 'add it to BATUTA_SECRET_KEY, after a comma',
    load: async () => checked('BATUTA_SECRET_KEY', configured.split(',')),
    store: null,
  };
}

function fromCommand(command: string): SecretKeySource {
  const source = 'the command of secrets.key_command';
  return {
    how: 'let the command of secrets.key_command print it, in a line after the first',
    load: async () => checked(source, (await outputOf(command, source)).split('\n')),
    store: null,
  };
}

/** Never tells what the command printed: it may be a key. */
async function outputOf(command: string, source: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { timeout: commandTimeoutMs });
    return stdout;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new BatutaError('secret-key-unusable', { source, reason: `it failed (exit code ${code})` });
  }
}

function fromFile(file: string): SecretKeySource {
  return {
    how: `put it into ${file}, in a line of its own`,
    load: async () => checked(file, (await readKept(file)).split('\n'), true),
    store: (keys) => keep(file, keys),
  };
}

async function readKept(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new BatutaError('secret-key-unusable', { source: file, reason: String(error) }, { cause: error });
  }
}

/** In one step, and on the disk before anything is encrypted with a new key: a lost key is lost secrets. */
async function keep(file: string, keys: readonly string[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600);
  try {
    await handle.writeFile(keys.map((key) => `${key}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(part, 0o600);
  await rename(part, file);
  const folder = await open(dirname(file));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function checked(source: string, texts: readonly string[], mayBeEmpty = false): string[] {
  const keys = texts.map((text) => text.trim()).filter((text) => text !== '');
  const bad = keys.findIndex((key) => readSecretKey(key) === undefined);
  if (bad !== -1) {
    const reason = `key ${bad + 1} is not 32 bytes in base64 or hexadecimal (make one with: openssl rand -base64 32)`;
    throw new BatutaError('secret-key-unusable', { source, reason });
  }
  if (keys.length === 0 && !mayBeEmpty)
    throw new BatutaError('secret-key-unusable', { source, reason: 'there is none' });
  return keys;
}
