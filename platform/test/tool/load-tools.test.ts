import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { currentTimeTool } from '../../src/adapter/tool-builtin/current-time.ts';
import { makeToolModules } from '../../src/adapter/tool-module/tool-modules.ts';
import { loadTools } from '../../src/application/tool/load-tools.ts';
import { toolContext } from './tool-context.ts';

let path: string;
beforeEach(async () => {
  // Inside of this package, so that the test runner finds the packages that tool files import.
  path = await mkdtemp(join(import.meta.dirname, 'tmp-project-'));
  await mkdir(join(path, 'tools'));
});
afterEach(() => rm(path, { recursive: true }));

const imports = `import { defineTool } from '@batuta/platform/tool';\nimport { z } from 'zod';\n`;

function toolText(name: string, change = ''): string {
  return `defineTool({ name: '${name}', description: 'Does ${name}.', input: z.object({ text: z.string() }),
    annotations: { readOnly: true }, timeoutSeconds: 7, execute: ({ text }: { text: string }) => text.toUpperCase(), ${change} })`;
}

const write = (name: string, text: string): Promise<void> =>
  writeFile(join(path, 'tools', name), imports + text);

async function load(folder = path) {
  const modules = makeToolModules(folder);
  const { tools, problems } = await loadTools({ builtin: [currentTimeTool], modules, timeoutSeconds: 60 });
  return {
    tools,
    names: tools.map(({ name }) => name).slice(4),
    messages: problems.map(({ message }) => message),
  };
}

test("the platform's own tools are there without a folder of tools", async () => {
  const { tools, messages } = await load('/nowhere');
  expect(tools.map(({ name }) => name)).toEqual(['ask_user', 'wait_until', 'find_api', 'current_time']);
  expect(messages).toEqual([]);
});

test('tools are found as default and named exports, each once', async () => {
  await write(
    'shout.ts',
    `export const one = ${toolText('one')};\nexport default one;\nexport const two = ${toolText('two')};`,
  );
  await write('shout.test.ts', 'throw new TypeError("not a tool file");');
  await write('_draft.ts', 'throw new TypeError("not a tool file");');
  await writeFile(join(path, 'tools', 'README.md'), '# Tools');
  const { names, messages, tools } = await load();
  expect({ names: names.toSorted(), messages }).toEqual({ names: ['one', 'two'], messages: [] });
  const one = tools.find(({ name }) => name === 'one');
  expect(one).toMatchObject({ timeoutMs: 7000, annotations: { readOnly: true, destructive: false } });
  expect(one?.kind === 'execute' && (await one.execute({ text: 'hi' }, toolContext()))).toBe('HI');
});

test.each([
  ['a file without tool', 'export const x = 1;', 'tools/a.ts: the file exports no tool. Write: import'],
  [
    'a file that throws',
    'throw new TypeError("no database");',
    'tools/a.ts: the file cannot be loaded: no database.',
  ],
  [
    'a bad definition',
    `export const a = ${toolText('has space')};`,
    'tools/a.ts: the tool "has space" cannot be used: "name" must be 1 to 64 letters, digits, "_" and "-", not "has space".',
  ],
  [
    'a name of the platform',
    `export const a = ${toolText('current_time')};`,
    'tools/a.ts: there is already a tool "current_time" in the platform. Give it another name.',
  ],
  [
    'a name kept for agents',
    `export const a = ${toolText('agent_x')};`,
    'tools/a.ts: the name "agent_x" is taken',
  ],
])('%s is told, and the other files are loaded', async (_, text, message) => {
  await write('a.ts', text);
  await write('b.ts', `export const b = ${toolText('b')};`);
  const { names, messages } = await load();
  expect(names).toEqual(['b']);
  expect(messages).toEqual([expect.stringContaining(message)]);
});

test('the same name in two files is told with both files', async () => {
  await write('a.ts', `export const a = ${toolText('same')};`);
  await write('b.ts', `export const b = ${toolText('same')};`);
  expect((await load()).messages).toEqual([
    'tools/b.ts: there is already a tool "same" in tools/a.ts. Give it another name.',
  ]);
});

interface LoadedOutside {
  names: string[];
  messages: string[];
}

/** Runs a script in a process of its own, as the platform does: no test runner in between. `load()` loads the folder. */
async function runOutside(folder: string, script: string): Promise<LoadedOutside[]> {
  const adapter = new URL('../../src/adapter/tool-module/tool-modules.ts', import.meta.url).href;
  const code = `import { utimesSync, writeFileSync } from 'node:fs';
    import { makeToolModules } from '${adapter}';
    process.chdir(${JSON.stringify(folder)});
    const results = [];
    const load = async () => {
      const { tools, problems } = await makeToolModules(process.cwd()).load();
      const names = tools.map((tool) => tool.definition.name);
      results.push({ names, messages: problems.map((problem) => problem.message) });
    };
    ${script}
    console.log(JSON.stringify(results));`;
  const { stdout } = await promisify(execFile)('node', ['--input-type=module', '--eval', code]);
  return JSON.parse(stdout) as LoadedOutside[];
}

let outside: string;
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'batuta-tools-'));
  await mkdir(join(outside, 'tools'));
});
afterEach(() => rm(outside, { recursive: true }));

const writeOutside = (name: string, text: string) => writeFile(join(outside, 'tools', name), text);

test('a project outside of the repository needs no packages of its own', async () => {
  await writeOutside('good.ts', `${imports}export const good = ${toolText('good')};`);
  await writeOutside('missing.ts', `import 'not-installed';`);
  await writeOutside('syntax.ts', `\nexport const = 3;`);
  await writeOutside('enum.ts', `enum Colour { red }\nexport const x = Colour.red;`);
  const [loaded] = await runOutside(outside, 'await load();');
  expect(loaded).toEqual({
    names: ['good'],
    messages: [
      expect.stringMatching(/^tools\/enum\.ts: the file cannot be loaded: .* Use types only: no enums/),
      expect.stringMatching(
        /^tools\/missing\.ts: .*Cannot find package 'not-installed'.*Install the package/,
      ),
      expect.stringMatching(/^tools\/syntax\.ts: the file cannot be loaded: .*expected/i),
    ],
  });
});

test('loading again sees a changed file', async () => {
  await writeOutside('a.ts', `${imports}export const a = ${toolText('before')};`);
  const after = JSON.stringify(`${imports}export const a = ${toolText('after')};`);
  const script = `await load(); writeFileSync('tools/a.ts', ${after}); utimesSync('tools/a.ts', 1, 1); await load(); await load();`;
  const loaded = await runOutside(outside, script);
  expect(loaded.map(({ names }) => names)).toEqual([['before'], ['after'], ['after']]);
});
