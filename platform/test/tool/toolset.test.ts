import { describe, expect, it, test } from 'vitest';
import { addFoundTools } from '../../src/domain/tool/found-tools.ts';
import { keptFiles } from '../../src/domain/tool/produced-files.ts';
import { distinguishNames, nameOfSourceTool } from '../../src/domain/tool/tool-name.ts';
import { knownTools, makeToolset } from '../../src/domain/tool/toolset.ts';
import { kinds, toolOf } from '../policy/policy-kit.ts';

const sourceTool = (reference: string, description = 'x'.repeat(100)) =>
  toolOf(reference.replaceAll(/\W/g, '_'), kinds.read, { reference, description });
const group = (label: string, count: number) =>
  Array.from({ length: count }, (_, index) => sourceTool(`mcp:${label}/tool${index}`));

describe('a toolset', () => {
  const referenced = [
    { reference: 'mcp:large/*', tools: group('large', 100) },
    { reference: 'calculator', tools: [toolOf('calculator', kinds.read)] },
    { reference: 'mcp:small/*', tools: group('small', 3) },
    { reference: 'openapi:shop/pay', tools: [sourceTool('openapi:shop/pay')] },
  ];
  const set = makeToolset(referenced, { maxTokens: 300, further: [] });
  const names = (tools: readonly { reference: string }[]) => tools.map(({ reference }) => reference);

  it('shows what is named and whole groups that fit, and hides the others', () => {
    const small = ['mcp:small/tool0', 'mcp:small/tool1', 'mcp:small/tool2'];
    expect(names(set.shown)).toEqual(['calculator', ...small, 'openapi:shop/pay', 'find_tools']);
    expect(set.hidden).toHaveLength(100);
    expect(set.byName.size).toBe(106);
  });

  it('gives the same array for the same finds', () => {
    const found = ['mcp:large/tool7', 'mcp:large/gone'];
    expect(names(knownTools(set, found)).at(-1)).toBe('mcp:large/tool7');
    expect(knownTools(set, found)).toBe(knownTools(set, found));
    expect(knownTools(set, [])).toBe(set.shown);
  });

  it('of tools that all fit has no search', () => {
    expect(names(makeToolset(referenced.slice(1), { maxTokens: 300, further: [] }).shown)).not.toContain(
      'find_tools',
    );
  });

  it('whose search finds more than it names hides that', () => {
    const further = [sourceTool('openapi:shop/pay'), sourceTool('openapi:shop/refund')];
    expect(names(makeToolset(referenced.slice(3), { maxTokens: 300, further }).hidden)).toEqual([
      'openapi:shop/refund',
    ]);
  });
});

describe('the name of a source tool', () => {
  test.each([
    ['tickets', 'create_ticket', /^tickets_create_ticket$/],
    ['files', 'read/file v2', /^files_read_file_v2_[0-9a-f]{6}$/],
    ['shop', 'x'.repeat(90), /^shop_x{52}_[0-9a-f]{6}$/],
    ['tienda', 'añadir', /^tienda_a_adir_[0-9a-f]{6}$/],
  ])('%s/%s is one that models allow', (source, tool, expected) => {
    expect(nameOfSourceTool(source, tool)).toMatch(expected);
  });

  it('is never shared', () => {
    const tools = ['mcp:a/b', 'openapi:a/b'].map((reference) => ({ name: 'a_b', reference }));
    const names = distinguishNames(tools, new Set(['other'])).map(({ name }) => name);
    expect(names[0]).toBe('a_b');
    expect(names[1]).toMatch(/^a_b_[0-9a-f]{6}$/);
  });
});

describe('files of a result', () => {
  const file = (name: string, bytes = 1, mediaType = 'image/png') => ({
    name,
    mediaType,
    content: Buffer.alloc(bytes),
  });

  test.each([
    ['a/b/../c.png', 'c.png'],
    ['C:\\temp\\x.png', 'x.png'],
    ['..', 'file'],
    ['\u202Egnp.exe\n', 'gnp.exe'],
  ])('%j is stored as %s', (name, expected) => {
    expect(keptFiles([file(name)]).kept[0]?.name).toBe(expected);
  });

  it('are left out beyond their number and their size', () => {
    const many = Array.from({ length: 20 }, (_, index) => file(`${index}`));
    expect(keptFiles(many).leftOut).toEqual(['16', '17', '18', '19']);
    expect(keptFiles([file('large', 20_000_001), file('small')])).toMatchObject({ leftOut: ['large'] });
  });

  it('have a media type that is one, and are text or not', () => {
    const types = ['Text/HTML; charset=utf-8', 'application/problem+json', 'nonsense', 'image/png'];
    const kept = types.map((type) => keptFiles([file('a', 1, type)]).kept[0]);
    expect(kept.map((each) => each?.mediaType)).toEqual([
      'text/html',
      'application/problem+json',
      'application/octet-stream',
      'image/png',
    ]);
    expect(kept.map((each) => each?.isText)).toEqual([true, true, false, false]);
  });
});

test('found tools are kept up to a number, the latest ones, and stay the same array where nothing is new', () => {
  const many = Array.from({ length: 50 }, (_, index) => `openapi:a/${index}`);
  const found = addFoundTools([], many);
  expect(found).toHaveLength(40);
  expect(addFoundTools(found, ['openapi:a/49'])).toBe(found);
  expect(addFoundTools(found, ['openapi:a/1']).at(-1)).toBe('openapi:a/1');
});
