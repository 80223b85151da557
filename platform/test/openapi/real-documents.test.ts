import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { importDocument, type Imported } from '../../src/adapter/openapi/document/import-document.ts';
import type { Operation } from '../../src/adapter/openapi/document/operation.ts';
import { importInThread } from '../../src/adapter/openapi/import-thread.ts';
import { openSources } from './api-kit.ts';

const folder = path.join(import.meta.dirname, 'fixture');
const names = readdirSync(folder).filter((name) => name.endsWith('.gz'));

function textOf(name: string): string {
  return gunzipSync(readFileSync(path.join(folder, name))).toString('utf8');
}

function operationsOf(items: readonly Imported[]): Operation[] {
  return items.flatMap((item) => (item.kind === 'operation' ? [item.operation] : []));
}

/** Ajv takes a while for a schema: of large documents it compiles some. */
const compiledOfEach = 25;

test.each(names)('all operations of %s become tools whose schemas compile', (name) => {
  const items = [...importDocument(textOf(name))];
  const operations = operationsOf(items);
  expect(items.filter(({ kind }) => kind === 'left-out')).toEqual([]);
  expect(operations.length).toBeGreaterThan(5);
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const step = Math.max(1, Math.floor(operations.length / compiledOfEach));
  for (const { inputSchema } of operations.filter((_, index) => index % step === 0)) ajv.compile(inputSchema);
});

test('names, descriptions and schemas of a thousand operations fit what models take', () => {
  const operations = operationsOf([...importDocument(textOf('kubernetes-swagger-2.json.gz'))]);
  expect(operations.length).toBe(1_014);
  for (const { id, description, inputSchema } of operations) {
    expect(id).toMatch(/^[A-Za-z][\w-]{0,79}$/);
    expect(description.length).toBeLessThan(650);
    expect(Object.keys(inputSchema['properties'] ?? {}).every((key) => /^[\w.-]{1,64}$/.test(key))).toBe(
      true,
    );
    expect(JSON.stringify(inputSchema)).not.toMatch(/"(?:\$ref|allOf|oneOf)":/);
  }
});

const large = textOf('kubernetes-swagger-2.json.gz');
const largeBytes = Buffer.from(large);
const { signal } = new AbortController();

test('a large document is read in a thread, and comes in pieces', async () => {
  const pieces: number[] = [];
  let operations = 0;
  const take = (items: readonly Imported[]) => {
    pieces.push(JSON.stringify(items).length);
    operations += operationsOf(items).length;
  };
  await importInThread(largeBytes, take, { timeoutMs: 60_000, memoryMb: 512, signal });
  expect(operations).toBe(1_014);
  expect(pieces.length).toBeGreaterThan(10);
  expect(Math.max(...pieces)).toBeLessThan(200_000);
});

test('a document that takes too much memory or time is given up, and nothing else with it', async () => {
  const none = () => undefined;
  const little = { timeoutMs: 60_000, memoryMb: 16, signal };
  await expect(importInThread(largeBytes, none, little)).rejects.toThrow(
    'reading it needs more than 16 MB of memory',
  );
  const short = { timeoutMs: 1, memoryMb: 512, signal };
  await expect(importInThread(largeBytes, none, short)).rejects.toThrow(
    'reading it takes longer than 0.001 s',
  );
});

test('a source of a thousand operations is made at once and ready later; closing does not wait for it', async () => {
  const opened = await openSources({ 'api.json': large }, [{ server: 'https://k8s.example.com' }]);
  const [source] = opened.sources;
  expect(source?.status().state).toBe('starting');
  await source?.settled;
  expect(source?.status()).toEqual({ state: 'ready', tools: 1_014, problems: [] });
  await opened.close();
  const again = await openSources({ 'api.json': large }, [{ server: 'https://k8s.example.com' }]);
  await again.close();
  expect(again.sources[0]?.status()).toMatchObject({ state: 'starting', tools: 0 });
});
