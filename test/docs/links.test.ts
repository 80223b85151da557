import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('agents/') && existsSync(join(root, file)));

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Text without code: what looks like a link in an example is none. */
const prose = (text: string): string =>
  text.replaceAll(/^(?: {4}|```)[^]*?$/gm, '').replaceAll(/`[^`]*`/g, '');

function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links of a document that lead nowhere. */
function deadLinks(file: string): string[] {
  return [...prose(read(file)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const other = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, other))) return true;
      return anchor !== undefined && !anchorsOf(other).includes(anchor);
    });
}

const sources = ['', 'platform/src', 'contract/src', 'platform'];
const pathPattern =
  /`((?:[\w-]+\/)*(?:contract|platform|testkit|cli|sdk|tool|test|bench|docs|adapter|application|domain|port|interface|composition)\/[\w./-]*)`/g;

/** Paths of this repository that a document names and that are not there. */
function missingPaths(file: string): string[] {
  return [...read(file).matchAll(pathPattern)]
    .map(([, path = '']) => path)
    .filter((path) => !sources.some((folder) => existsSync(join(root, folder, path))));
}

const reference = read('docs/reference/command-line.md');
const commands = new Set(
  [...reference.matchAll(/^#+ `batuta ([a-z]+(?: [a-z]+)?)/gm)].map(([, name]) => name),
);
/** `batuta runs` alone lists them. */
const groups = new Set([...commands].map((name) => name?.split(' ')[0]));
const options = new Set(reference.match(/--[a-z][a-z-]*/g));

/** Commands of `batuta`, and their options, that a document names and the command line does not have. */
function unknownCommands(file: string): string[] {
  const typed = [
    ...read(file).matchAll(
      /(?:\$ |`|^ {4}|\| )(?:[A-Z_]+=\S+ )*(?:npm run (?:-s )?batuta -- |batuta )([^`#|\n]*)/gm,
    ),
  ];
  return typed.flatMap(([, line = '']) => {
    const [first = '', second = ''] = line.trim().split(/\s+/);
    const isKnown =
      first.startsWith('-') ||
      first.startsWith('<') ||
      commands.has(first) ||
      groups.has(first) ||
      commands.has(`${first} ${second}`);
    const strange = (line.match(/(?<=\s)--[a-z][a-z-]*/g) ?? []).filter((option) => !options.has(option));
    return isKnown ? strange : [`batuta ${first}`];
  });
}

function unknownScripts(file: string): string[] {
  const own = Object.keys(manifest.scripts);
  return [...read(file).matchAll(/\bnpm run (?:-s )?([a-z-]+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => !own.includes(name));
}

test('the documents are found', () => {
  expect(documents).toEqual(
    expect.arrayContaining(['README.md', 'docs/guide/durability.md', 'testkit/README.md']),
  );
  expect([...commands]).toEqual(expect.arrayContaining(['start', 'runs show', 'agents validate']));
});

describe.each(documents)('%s', (file) => {
  test('has no dead link', () => {
    expect(deadLinks(file)).toEqual([]);
  });
  test('names files that exist', () => {
    expect(missingPaths(file)).toEqual([]);
  });
  test('names commands, options and scripts that exist', () => {
    expect([...unknownCommands(file), ...unknownScripts(file)]).toEqual([]);
  });
});
