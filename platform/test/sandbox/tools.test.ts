import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonValue } from '@batuta/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { makeBubblewrapProvider } from '../../src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { makeSandboxTools } from '../../src/adapter/tool-sandbox/sandbox-tools.ts';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';
import type { ToolContext, ToolOutput } from '../../src/port/tool.ts';
import { textOf, toolContext } from '../tool/tool-context.ts';
import { testLimits } from './open-sandbox.ts';

const provider = makeBubblewrapProvider({ user: 2000, folders: [] });
const folder = mkdtempSync(join(tmpdir(), 'batuta-tools-'));
const options = { folder, template: 'general', limits: testLimits, network: { allowedHosts: [] } } as const;
const tools = makeSandboxTools({
  open: async () => provider.open(options),
  limits: testLimits,
  confines: true,
  reachesOut: false,
}).map((definition) => makeExecutableTool(definition, 60));

afterAll(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
});

async function call(name: string, input: JsonValue, context: Partial<ToolContext> = {}): Promise<ToolOutput> {
  const tool = tools.find((each) => each.name === name);
  const parsed = tool?.parse(input);
  if (!tool || !parsed?.ok) throw new Error(parsed?.ok === false ? parsed.summary : name);
  const output = await tool.execute(parsed.value, toolContext(context));
  return typeof output === 'string' ? { text: output } : output;
}

const say = async (name: string, input: JsonValue): Promise<string> => textOf(await call(name, input));
const end = /\[exit code 0, [0-9.]+ s\]$/;

describe('commands', () => {
  it('gives output, complaints and the end of a script', async () => {
    expect(await say('shell', { script: 'echo a | tr a b; echo hm >&2' })).toMatch(
      /^b\n\[stderr\]\nhm\n\[exit code 0, [0-9.]+ s\]$/,
    );
    expect(await say('shell', { command: ['echo', '$HOME; ls'] })).toMatch(/^\$HOME; ls\n/);
    expect(await say('shell', { script: 'true' })).toMatch(end);
  });

  it('runs Python and Node with arguments, and says where a program failed', async () => {
    const code = 'import sys\nprint(sys.argv[1])\nraise ValueError("bad")';
    const python = await call('run_python', { code, arguments: ['x y'] });
    expect(python).toMatchObject({
      failed: true,
      text: expect.stringMatching(/^x y\n[^]*line 3[^]*ValueError: bad[^]*exit code 1/),
    });
    const node =
      "import fs from 'node:fs';\nawait null;\nconsole.log(process.argv[1], fs.readdirSync('.').length >= 0)";
    expect(await say('run_node', { code: node, arguments: ['--x'] })).toMatch(/^--x true\n/);
  });

  it.each([
    [{ script: 'sleep 30', seconds: 1 }, /a command may take 1 s at most/],
    [{ script: 'yes' }, /wrote more than 200000 bytes/],
    [{ script: 'head -c 200000000 /dev/zero | tail' }, /out of memory: a command may use 128 MB/],
    [{ script: "trap 'rm big' EXIT; head -c 90000000 /dev/zero > big" }, /may hold 24 MB/],
  ])('says which limit ended %j', async (input, reason) => {
    expect((await call('shell', input)).text).toMatch(reason);
  });

  it.each([
    ['shell', {}, 'give either "script" or "command"'],
    ['shell', { script: 'a', command: ['b'] }, 'give either "script" or "command"'],
    ['shell', { command: [] }, '"command" must be at least 1 items long'],
    ['run_python', {}, '"code" is missing'],
    ['run_node', { code: '1', seconds: 1e9 }, '"seconds" must be at most 20'],
    ['write_file', { path: 'x' }, 'give either "content" or "artifact_id"'],
  ])('%s refuses %j', async (name, input, summary) => {
    await expect(call(name, input)).rejects.toThrow(summary);
  });

  it('does what changes the workspace in the order of the calls', async () => {
    const answers = await Promise.all([
      say('write_file', { path: 'order.py', content: 'print("first")' }),
      say('shell', { script: 'sleep 0.1; python3 order.py' }),
      say('edit_file', { path: 'order.py', old_text: 'first', new_text: 'second' }),
      say('shell', { script: 'python3 order.py' }),
    ]);
    expect(answers[1]).toMatch(/^first\n/);
    expect(answers[3]).toMatch(/^second\n/);
  });
});

describe('files', () => {
  it('writes, reads a part, and says where to go on', async () => {
    await say('write_file', { path: 'a/long.txt', content: 'one\ntwo\nthree\n' });
    expect(await say('read_file', { path: 'a/long.txt' })).toBe('one\ntwo\nthree');
    expect(await say('read_file', { path: 'a/long.txt', from_line: 2, lines: 1 })).toBe(
      'two\n[lines 2 to 2 of 3; go on with from_line 3]',
    );
    await expect(say('read_file', { path: 'a/long.txt', from_line: 9 })).rejects.toThrow('has only 3 lines');
    await expect(say('read_file', { path: 'a/nothing' })).rejects.toThrow('list_files shows what there is');
  });

  it('moves artifacts in and files out', async () => {
    const content = Buffer.from([0, 1, 2, 255]);
    const readArtifact = async () => ({ mediaType: 'image/png', bytes: 4, content });
    const id = 'art_06aqn3zk5s7d1v2w8x9y0z1a2b';
    await call('write_file', { path: 'in.png', artifact_id: id }, { readArtifact });
    await expect(say('read_file', { path: 'in.png' })).rejects.toThrow('4 bytes that are not a text');
    const { files = [] } = await call('read_file', { path: 'in.png', as_artifact: true });
    expect(files).toMatchObject([{ name: 'in.png', mediaType: 'image/png' }]);
    expect(Buffer.from(files[0]?.content ?? [])).toEqual(content);
  });

  it('edits one place, and says why it does not edit', async () => {
    await say('write_file', { path: 'e.txt', content: 'a  b\nx\nx\n' });
    const edit = (old: string, more = {}) =>
      say('edit_file', { path: 'e.txt', old_text: old, new_text: 'N', ...more });
    await expect(edit('x')).rejects.toThrow('2 times (lines 2, 3)');
    await expect(edit('a b')).rejects.toThrow('with other spaces or line ends');
    await expect(edit('zzz')).rejects.toThrow('does not stand in e.txt; read the file again');
    expect(await edit('x', { all: true })).toBe('e.txt: 2 places have been replaced.');
    expect(await say('read_file', { path: 'e.txt' })).toBe('a  b\nN\nN');
  });

  it('lists and searches', async () => {
    await say('shell', {
      script:
        'rm -rf * && mkdir -p src && echo "let total = 1" > src/a.js && echo total > notes && ln -s notes link',
    });
    expect(await say('list_files', {})).toBe(
      'link (symbolic link)\nnotes (6 bytes)\nsrc/\nsrc/a.js (14 bytes)',
    );
    expect(await say('search_files', { pattern: 'tot.l' })).toBe(
      'notes:1:total\nsrc/a.js:1:let total = 1'
        .split('\n')
        .toSorted((one, other) => other.localeCompare(one))
        .join('\n'),
    );
    expect(await say('search_files', { pattern: 'TOTAL', files: '*.js', ignore_case: true })).toMatch(
      /^src\/a\.js:1/,
    );
    expect(await say('search_files', { pattern: 'nowhere' })).toBe('No line matches.');
    await expect(say('search_files', { pattern: '(' })).rejects.toThrow(/[Uu]nmatched/);
    await expect(say('search_files', { pattern: 'x', path: '../..' })).rejects.toThrow('may not contain');
  });
});
