import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPlatform, type PlatformDoor } from '../http/open-platform.ts';
import { applying, notApplying, statelessExceptions } from './conformance-scenarios.ts';
import { eras } from './connect.ts';
import { startForwarder } from './forwarder.ts';
import { makeTranslations } from './translations.ts';

interface Check {
  id: string;
  status: string;
  errorMessage?: string;
}

const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));

/** Runs every scenario of an era and reads what came of each. */
async function runSuite(url: string, era: string): Promise<Map<string, Check[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'batuta-conformance-'));
  const options = ['server', '--url', url, '--suite', 'all', '--spec-version', era, '-o', folder];
  // It ends with an error when scenarios fail, and some do not apply: its report tells.
  await new Promise<void>(
    (resolve) => void execFile(process.execPath, [program, ...options], () => resolve()),
  );
  const results = new Map<string, Check[]>();
  for (const name of await readdir(folder)) {
    const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, '');
    results.set(scenario, JSON.parse(await readFile(join(folder, name, 'checks.json'), 'utf8')) as Check[]);
  }
  await rm(folder, { recursive: true });
  return results;
}

function failed(checks: readonly Check[] | undefined): Check[] {
  return (checks ?? []).filter(({ status }) => status === 'FAILURE');
}

describe.each(eras)('the conformance suite of the protocol, %s', (era) => {
  let door: PlatformDoor;
  let results: Map<string, Check[]>;

  beforeAll(async () => {
    door = await openPlatform({ model: () => ({ text: '123' }) });
    const translate = await makeTranslations(door);
    const forwarder = await startForwarder({ port: door.server.port, key: door.key, translate });
    results = await runSuite(forwarder.url, era);
    await forwarder.close();
  }, 120_000);
  afterAll(() => door.close());

  test('has no scenario that nobody has thought about', () => {
    expect(results.size).toBeGreaterThan(30);
    const known = [...applying, ...Object.keys(notApplying)];
    expect([...results.keys()].filter((name) => !known.includes(name))).toEqual([]);
  });

  test('passes wherever it applies', () => {
    const wrong = [...results].filter(
      ([name, checks]) => applying.includes(name) && failed(checks).length > 0,
    );
    expect(wrong.map(([name, checks]) => [name, failed(checks)])).toEqual([]);
  });

  test('finds the server stateless', () => {
    const wrong = failed(results.get('server-stateless')).map(({ id }) => id);
    expect(wrong.filter((id) => !statelessExceptions.includes(id))).toEqual([]);
  });
});
