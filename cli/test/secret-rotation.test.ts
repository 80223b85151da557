import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaClient } from '@batuta/sdk';
import { openDatabase } from '@batuta/platform/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnBatuta, type SpawnedBatuta } from './kit/spawn-batuta.ts';

const count = 1_500;
const agent = '---\nname: assistant\ndescription: Helps.\nmodel: offline/extractive\n---\nHelp.\n';

let folder: string;
let server: SpawnedBatuta | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batuta-rotation-'));
  for (const name of ['agents', '.batuta']) mkdirSync(join(folder, name), { mode: 0o700 });
  writeFileSync(join(folder, 'agents', 'assistant.md'), agent);
  writeFileSync(join(folder, 'batuta.yaml'), 'server:\n  port: 0\nlog:\n  format: json\n');
});
afterEach(async () => {
  server?.child.kill('SIGKILL');
  await server?.ended;
  rmSync(folder, { recursive: true, force: true });
});

const keyFile = () => join(folder, '.batuta', 'secret-key');
/** As the documents say that secrets are encrypted, written without the code under test. */
const idOf = (key: Buffer) =>
  createHash('sha256').update('batuta secret key\n').update(key).digest('hex').slice(0, 16);
const boundTo = (name: string, key: Buffer) => Buffer.from(`batuta-secret-1\ndefault\n${name}\n${idOf(key)}`);

function seal(key: Buffer, name: string, value: string) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(name, key));
  const ciphertext = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  return { name, nonce: nonce.toString('hex'), ciphertext: ciphertext.toString('hex') };
}

function unseal(key: Buffer, { name, nonce, ciphertext }: SealedRow): string {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(boundTo(name, key)).setAuthTag(ciphertext.subarray(-16));
  return decipher.update(ciphertext.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
}

interface SealedRow {
  name: string;
  key_id: string;
  nonce: Buffer;
  ciphertext: Buffer;
}

const keys = () =>
  readFileSync(keyFile(), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'base64'));

async function withDatabase<T>(
  use: (query: <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>) => Promise<T>,
): Promise<T> {
  const { database, engine } = await openDatabase({ directory: join(folder, '.batuta', 'database') });
  await database.migrate();
  const result = await engine.administer((client) =>
    use(
      async <Row extends object>(sql: string, values: unknown[] = []) =>
        (await client.query<Row>(sql, values)).rows,
    ),
  );
  await database.close();
  return result;
}

/** Secrets as they are stored, made in one statement. */
async function seed(): Promise<void> {
  const key = randomBytes(32);
  writeFileSync(keyFile(), `${key.toString('base64')}\n`, { mode: 0o600 });
  const sealed = Array.from({ length: count }, (_, n) => seal(key, `s${n}`, `value ${n}`));
  const insert = `insert into batuta.secrets (tenant_id, name, key_id, nonce, ciphertext, updated_by)
    select 'default', name, $2, decode(nonce, 'hex'), decode(ciphertext, 'hex'), 'test'
    from json_to_recordset($1::json) as row (name text, nonce text, ciphertext text)`;
  await withDatabase((query) => query(insert, [JSON.stringify(sealed), idOf(key)]));
}

/** How many secrets the keys of the file decrypt, by the key that each is encrypted with. */
async function readable(): Promise<Record<string, number>> {
  const rows = await withDatabase((query) => query<SealedRow>('select * from batuta.secrets'));
  const counts = keys().map((key) => {
    const own = rows.filter((row) => row.key_id === idOf(key));
    return [idOf(key), own.filter((row) => unseal(key, row) === `value ${row.name.slice(1)}`).length];
  });
  return Object.fromEntries(counts);
}

async function start(): Promise<BatutaClient> {
  server = spawnBatuta(['serve'], { folder });
  await server.outputHas('"listening"');
  const line =
    server
      .output()
      .split('\n')
      .find((each) => each.includes('"listening"')) ?? '{}';
  const key = readFileSync(join(folder, '.batuta', 'admin-key'), 'utf8').trim();
  return new BatutaClient({
    baseUrl: `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`,
    key,
  });
}

/** Ends when the new key is on the disk: from then on secrets are encrypted anew. */
function newKeyStored(): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(join(folder, '.batuta'), () => {
      if (!existsSync(keyFile()) || keys().length < 2) return;
      watcher.close();
      resolve();
    });
  });
}

describe('a rotation of the key of secrets', () => {
  test(
    'that is killed leaves every secret readable, and is finished by the next one',
    { timeout: 120_000 },
    async () => {
      await seed();
      const client = await start();
      const stored = newKeyStored();
      const interrupted = client.secrets.rotateKey().catch(() => 'killed');
      await stored;
      server?.child.kill('SIGKILL');
      await server?.ended;
      expect(await interrupted).toBe('killed');
      const [fresh = 0, old = 0] = Object.values(await readable());
      expect(fresh + old).toBe(count);
      expect(old).toBeGreaterThan(0);
      const finished = await (await start()).secrets.rotateKey();
      expect(finished).toMatchObject({ made: false, secrets: old });
      server?.child.kill('SIGTERM');
      await server?.ended;
      expect(await readable()).toEqual({ [finished.key_id]: count });
    },
  );
});
