import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWorkerProcesses, startWorkerProcess } from '@batuta/testkit/crash';
import type { WorkerDatabase } from '@batuta/testkit/crash/protocol';
import { freshDatabase } from '@batuta/testkit/database';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { oldEvents, oldRun, writeOldRun } from './old-log.ts';

const scenario = join(import.meta.dirname, 'answer-scenario.ts');
const testMs = 60_000;
const cleanups: (() => void)[] = [];

async function onPglite(): Promise<WorkerDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'batuta-upgrade-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return { directory };
}

async function onPostgres(): Promise<WorkerDatabase> {
  const fresh = await freshDatabase('postgres', inject('postgresUrl'));
  cleanups.push(() => fresh.release());
  return { url: fresh.url ?? '' };
}

describe('a run that a process of an older version had begun', () => {
  afterEach(async () => {
    await endWorkerProcesses();
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  it.each([
    { kind: 'PGlite', open: onPglite },
    { kind: 'PostgreSQL', open: onPostgres },
  ])('is continued by a process of this version on $kind', { timeout: testMs }, async ({ open }) => {
    const database = await open();
    await writeOldRun(database);
    const worker = await startWorkerProcess({ database, scenario, outside: '' });
    await worker.ask('start', {});
    const run = await worker.ask('finish', { runId: oldRun.id, decision: null });
    expect(run).toMatchObject({ status: 'succeeded', turns: 2, output: { text: 'The result is 5.' } });
    const { events } = await worker.ask('dump', { key: oldRun.key });
    const old = events.slice(0, oldEvents.length);
    expect(old.map(({ seq, kind, version, data }) => ({ seq, kind, version, data }))).toEqual(oldEvents);
    const written = events.slice(oldEvents.length);
    expect(written.map(({ kind, version, epoch }) => ({ kind, version, epoch }))).toEqual([
      { kind: 'run-recovered', version: 1, epoch: oldRun.epoch + 1 },
      { kind: 'model-call-settled', version: 2, epoch: oldRun.epoch + 1 },
      { kind: 'run-succeeded', version: 1, epoch: oldRun.epoch + 1 },
    ]);
  });
});
