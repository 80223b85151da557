import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyRule } from '@batuta/contract';
import { makeArgumentResolver } from '../../src/adapter/argument-resolver/argument-resolver.ts';
import { nothingResolved } from '../../src/domain/policy/call-facts.ts';
import { judgeCall } from '../../src/domain/policy/judge-call.ts';
import { resolveArguments } from '../../src/domain/policy/resolve-arguments.ts';
import { factsOf, policyOf, toolOf } from './policy-kit.ts';

let project = '';

beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'batuta-paths-')));
  for (const folder of ['work/notes', 'work/secret', 'outside/deep']) {
    await mkdir(join(project, folder), { recursive: true });
  }
  await writeFile(join(project, 'outside/deep/keys'), 'k');
  await symlink(join(project, 'outside'), join(project, 'work/notes/out'));
  await symlink('../secret', join(project, 'work/notes/near'));
  await symlink(join(project, 'gone'), join(project, 'work/notes/broken'));
  await symlink('loop', join(project, 'work/notes/loop'));
});
afterAll(() => rm(project, { recursive: true, force: true }));

async function effectOf(rules: PolicyRule[], path: unknown): Promise<string> {
  const policy = policyOf(...rules);
  const call = { tool: toolOf('read_file'), input: { path } as never };
  const resolver = makeArgumentResolver({ projectFolder: project });
  const resolved = (await resolveArguments(policy, call, resolver)) ?? nothingResolved;
  return judgeCall(policy, factsOf(call.input, { tool: call.tool, resolved })).verdict.effect;
}

const allowNotes: PolicyRule[] = [
  { allow: 'read_file', arguments: { path: { paths: ['notes/**'], root: 'work' } } },
];
const denySecret: PolicyRule[] = [
  { allow: 'read_file' },
  { deny: 'read_file', arguments: { path: { paths: ['secret/**', 'secret'], root: 'work' } } },
];

describe('a rule that allows paths', () => {
  it.each([
    ['notes/a.txt', 'allow'],
    ['./notes//a.txt', 'allow'],
    ['notes/deep/er/.hidden', 'allow'],
    ['notes/x/../a.txt', 'allow'],
    ['secret/a.txt', 'ask'],
    ['../outside/deep/keys', 'ask'],
    ['notes/../secret/a', 'ask'],
    ['notes/../../outside/deep/keys', 'ask'],
    ['notes/out/deep/keys', 'ask'],
    ['notes/near/a', 'ask'],
    ['notes/near/../a', 'ask'],
    ['notes/broken', 'ask'],
    ['notes/broken/a', 'ask'],
    ['notes/loop/a', 'ask'],
    ['NOTES/a.txt', 'ask'],
    ['notes', 'allow'],
    ['/etc/passwd', 'ask'],
    ['notes/a\0.txt', 'ask'],
    ['notes/\u202ea.txt', 'ask'],
    ['notes/cafe\u0301', 'ask'],
    ['notes/%2e%2e/secret', 'ask'],
    ['notes\\..\\secret', 'ask'],
    ['~/notes/a', 'ask'],
    ['file:///etc/passwd', 'ask'],
    ['notes/\ud800', 'ask'],
    ['', 'ask'],
    [['notes/a', 'notes/b'], 'allow'],
    [['notes/a', 'secret/b'], 'ask'],
    [[], 'ask'],
    [{ path: 'notes/a' }, 'ask'],
    [7, 'ask'],
    [`notes/${'a'.repeat(5_000)}`, 'ask'],
    ['notes/'.repeat(300), 'ask'],
  ])('%j', async (path, effect) => {
    expect(await effectOf(allowNotes, path)).toBe(effect);
  });

  it('takes the absolute path for the same', async () => {
    expect(await effectOf(allowNotes, join(project, 'work/notes/a.txt'))).toBe('allow');
    expect(await effectOf(allowNotes, join(project, 'work/notes/out/deep/keys'))).toBe('ask');
  });

  it('goes by the real path of a pattern that is absolute', async () => {
    const rules: PolicyRule[] = [
      { allow: 'read_file', arguments: { path: { paths: [`${project}/outside/**`] } } },
    ];
    expect(await effectOf(rules, 'work/notes/out/deep/keys')).toBe('allow');
    expect(await effectOf(rules, 'work/notes/a')).toBe('ask');
  });
});

describe('a rule that denies paths', () => {
  it.each([
    ['notes/a.txt', 'allow'],
    ['secret/a.txt', 'deny'],
    ['secret', 'deny'],
    ['SECRET/a.txt', 'deny'],
    ['notes/../secret/.env', 'deny'],
    ['notes/near/a', 'deny'],
    ['notes/near/../a', 'deny'],
    ['notes/loop/a', 'deny'],
    ['notes/a\0', 'deny'],
    ['%2e%2e/x', 'deny'],
    [['notes/a', 'secret/b'], 'deny'],
    [7, 'deny'],
  ])('%j', async (path, effect) => {
    expect(await effectOf(denySecret, path)).toBe(effect);
  });

  it('holds when its root is not there', async () => {
    const rules: PolicyRule[] = [
      { allow: '*' },
      { deny: 'read_file', arguments: { path: { paths: ['**'], root: 'nowhere' } } },
    ];
    expect(await effectOf(rules, 'a')).toBe('deny');
  });
});
