import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatutaClient } from '@batuta/sdk';
import { openDatabase } from '@batuta/platform/database';
import { startEmulator, text, toolCalls, type Emulator } from '@batuta/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnBatuta, type SpawnedBatuta } from './kit/spawn-batuta.ts';

/** Each has characters that some encodings write differently. */
const weather = 'wx/7+Q~k&"9 é=zR3mT_long';
const provider = 'prov-4d1f/9c2b+77e0a55d3b61';

const tool = `
import { defineTool } from '@batuta/platform/tool';
import { z } from 'zod';

const encoders = {
  plain: (s) => s,
  json: (s) => JSON.stringify({ s }),
  base64: (s) => Buffer.from('key=' + s).toString('base64'),
  base64url: (s) => Buffer.from(s + '!').toString('base64url'),
  hex: (s) => Buffer.from(s).toString('hex'),
  query: (s) => new URLSearchParams({ s }).toString(),
  large: (s) => 'x'.repeat(30_000) + s + 'y'.repeat(30_000),
};

export const echo = defineTool({
  name: 'echo',
  description: 'Echoes.',
  input: z.object({ how: z.string() }),
  annotations: { readOnly: true, openWorld: false },
  secrets: ['key'],
  async execute({ how }, context) {
    const secret = await context.secret('key');
    console.log('used', secret.length);
    if (how === 'error') throw new Error('refused: ' + secret);
    return 'got ' + encoders[how](secret);
  },
});

export const stranger = defineTool({
  name: 'stranger',
  description: 'Asks for what it does not declare.',
  input: z.object({}),
  annotations: { readOnly: true, openWorld: false },
  execute: (_, context) => context.secret('weather'),
});
`;

const agent = `---
name: assistant
description: Echoes.
model: anthropic/claude-test
tools: [echo, stranger]
secrets: { key: secret://weather }
permissions: [{ allow: '*' }]
---
Use secret://weather.
`;

const ways = ['plain', 'json', 'base64', 'base64url', 'hex', 'query', 'large', 'error'];

/** All that must not be found anywhere, made without the code under test. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inner = (encoding: 'base64' | 'base64url', before: number) =>
    Buffer.concat([Buffer.alloc(before, 65), bytes])
      .toString(encoding)
      .replaceAll('=', '')
      .slice(4, -2);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((before) => [inner('base64', before), inner('base64url', before)]),
  ];
}

let folder: string;
let emulator: Emulator;
let server: SpawnedBatuta | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'batuta-leak-'));
  emulator = await startEmulator();
  for (const name of ['agents', 'tools']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'agents', 'assistant.md'), agent);
  writeFileSync(join(folder, 'tools', 'echo.ts'), tool);
  const yaml = `provider:\n  anthropic_api_key: secret://anthropic\n  anthropic_base_url: ${emulator.addresses.anthropic}\nserver:\n  port: 0\nlog:\n  level: debug\n  format: json\n`;
  writeFileSync(join(folder, 'batuta.yaml'), yaml);
});
afterEach(async () => {
  server?.child.kill('SIGKILL');
  await server?.ended;
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<string> {
  server = spawnBatuta(['serve'], { folder });
  await server.outputHas('"listening"');
  const line =
    server
      .output()
      .split('\n')
      .find((each) => each.includes('"listening"')) ?? '{}';
  return `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
}

/** Everything that the API tells, as it was sent. */
async function readEverything(
  url: string,
  key: string,
  ids: { run: string; session: string },
): Promise<string> {
  const paths = [
    `/v1/runs/${ids.run}`,
    `/v1/runs/${ids.run}/events`,
    `/v1/sessions/${ids.session}`,
    '/v1/runs',
    '/v1/secrets',
    '/v1/audit',
    '/v1/audit/export',
    '/v1/agents/assistant',
    '/v1/policies',
  ];
  const answers = paths.map(async (path) => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    return answer.text();
  });
  return (await Promise.all(answers)).join('\n');
}

/** Every row of every table, and every byte of every file of the database. */
async function readDatabase(): Promise<string> {
  const directory = join(folder, '.batuta', 'database');
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const bytes = files.map((each) => readFileSync(join(each.parentPath, each.name), 'latin1')).join('\n');
  const { database, engine } = await openDatabase({ directory });
  const rows = await engine.administer(async (client) => {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows: found } = await client.query<{ row: string }>(
        `select each::text as row from ${name} each`,
      );
      texts.push(...found.map(({ row }) => row));
    }
    const artifacts = await client.query<{ content: Buffer }>('select content from batuta.artifacts');
    return [...texts, ...artifacts.rows.map(({ content }) => content.toString('utf8'))];
  });
  await database.close();
  return `${bytes}\n${rows.join('\n')}`;
}

/** A run that uses the secret in every way that it can come back. */
async function useSecrets(client: BatutaClient) {
  await client.secrets.set('weather', weather);
  await client.secrets.set('anthropic', provider);
  const echoes = ways.map((how) => ({ name: 'echo', arguments: { how } }));
  emulator.script([toolCalls([...echoes, { name: 'stranger', arguments: {} }]), text('Done.')]);
  const accepted = await client.runs.create({ agent: 'assistant', input: 'Go' });
  const run = await client.runs.wait(accepted.id);
  expect(run).toMatchObject({ status: 'succeeded', output: { text: 'Done.' } });
  return { run: run.id, session: run.session_id };
}

describe('a secret', () => {
  test('reaches the tool and the provider, and nothing else', { timeout: 60_000 }, async () => {
    const url = await start();
    const key = readFileSync(join(folder, '.batuta', 'admin-key'), 'utf8').trim();
    const ids = await useSecrets(new BatutaClient({ baseUrl: url, key }));
    const told = await readEverything(url, key, ids);
    expect(told.match(/\[redacted: secret weather\]/g)?.length).toBeGreaterThanOrEqual(ways.length - 1);
    expect(told).toContain('which it does not declare');
    expect(emulator.requests.map(({ headers }) => headers['x-api-key'])).toEqual([provider, provider]);
    server?.child.kill('SIGTERM');
    await server?.ended;
    const places = {
      'HTTP answers': told,
      'model requests': JSON.stringify(emulator.requests.map(({ body }) => body)),
      log: `${server?.output()}\n${server?.error()}`,
      database: await readDatabase(),
    };
    const forms = [...formsOf(weather), ...formsOf(provider)];
    for (const [place, content] of Object.entries(places)) {
      expect({ place, found: forms.filter((form) => content.includes(form)) }).toEqual({ place, found: [] });
    }
    expect(places.database).toContain('redacted: secret weather');
  });
});
