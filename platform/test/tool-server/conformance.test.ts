import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { notApplicable, spokenVersions } from './conformance-scenarios.ts';

const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));
const client = path.join(import.meta.dirname, 'conformance-client.ts');

/** `auth/dpop [extension]` and so on, as the suite lists them. */
const listed = execFileSync(process.execPath, [suite, 'list', '--client'], { encoding: 'utf8' })
  .split('\n')
  .flatMap((line) => {
    const [, name = '', versions = ''] = /^ {2}- (\S+) \[(.*)\]$/.exec(line) ?? [];
    return name === '' ? [] : [{ name, versions: versions.split(',') }];
  });

const cases = listed
  .filter(({ name }) => !(name in notApplicable))
  .flatMap(({ name, versions }) =>
    spokenVersions.filter((version) => versions.includes(version)).map((version) => ({ name, version })),
  );

/** The end of what the suite says about one scenario. */
async function run(name: string, version: string): Promise<string> {
  const command = `"${process.execPath}" "${client}"`;
  const words = [suite, 'client', '--command', command, '--scenario', name, '--spec-version', version];
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(process.execPath, words, { timeout: 50_000, maxBuffer: 50_000_000 }, (_, output, errors) => {
    resolve(`${output}\n${errors}`.slice(-3_000));
  });
  return await promise;
}

describe('the conformance suite of the protocol', () => {
  test('has no scenario that nobody has thought about', () => {
    const known = new Set([...cases.map(({ name }) => name), ...Object.keys(notApplicable)]);
    expect(listed.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
    expect(cases.length).toBeGreaterThan(40);
  });

  test.concurrent.each(cases)(
    'is passed by the client: $name of $version',
    async ({ name, version }) => {
      expect(await run(name, version)).toContain('OVERALL: PASSED');
    },
    60_000,
  );
});
