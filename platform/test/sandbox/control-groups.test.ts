import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findControlGroups } from '../../src/adapter/sandbox-bubblewrap/control-groups.ts';
import { testLimits } from './open-sandbox.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'batuta-groups-'))));
afterEach(() => rmSync(root, { recursive: true }));

/** A tree of version 2 as files: the kernel would make those of a new group by itself. */
function tree(given: { handedOn: string; processes?: string }): {
  base: string;
  place: { mountTable: string; ownGroups: string };
} {
  const base = join(root, 'unified/service');
  mkdirSync(base, { recursive: true });
  writeFileSync(join(base, 'cgroup.subtree_control'), given.handedOn);
  writeFileSync(join(base, 'cgroup.procs'), given.processes ?? '');
  const [mountTable, ownGroups] = [join(root, 'mounts'), join(root, 'own')];
  writeFileSync(mountTable, `cgroup2 ${join(root, 'unified')} cgroup2 rw 0 0\n`);
  writeFileSync(ownGroups, '0::/service\n');
  return { base, place: { mountTable, ownGroups } };
}

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

describe('control groups of version 2', () => {
  it('are made under the group of the platform, with all limits', () => {
    const { base, place } = tree({ handedOn: 'cpu memory pids\n' });
    const group = findControlGroups(undefined, place)?.make(testLimits);
    const folder = join(group?.entrances[0] ?? '', '..');
    expect(folder.startsWith(base)).toBe(true);
    expect(read(folder, 'memory.max')).toBe('128000000');
    expect(read(folder, 'pids.max')).toBe('64');
    expect(read(folder, 'cpu.max')).toBe('100000 100000');
    expect(group?.reached()).toBe(null);
    writeFileSync(join(folder, 'pids.events'), 'max 3\n');
    expect(group?.reached()).toBe('processes');
    writeFileSync(join(folder, 'memory.events'), 'low 0\noom 1\noom_kill 1\n');
    expect(group?.reached()).toBe('memory');
  });

  it('are made in a folder that is configured', () => {
    const { base, place } = tree({ handedOn: 'cpu memory pids' });
    expect(findControlGroups(base, place)?.description).toContain(base);
  });

  it('are asked for where they are not handed on: the platform makes room for them first, and moves nobody else', () => {
    const { base, place } = tree({ handedOn: '', processes: `1\n${process.pid}\n` });
    // The kernel would answer with the list of what it hands on; a file keeps what was written.
    expect(findControlGroups(undefined, place)).toBe(null);
    expect(read(base, 'cgroup.subtree_control')).toBe('+memory +pids +cpu');
    expect(read(join(base, 'platform'), 'cgroup.procs')).toBe(String(process.pid));
  });

  it('are removed when the process that made them was killed', () => {
    const { base, place } = tree({ handedOn: 'cpu memory pids' });
    for (const name of ['999999999-1', `${process.pid}-999`]) mkdirSync(join(base, name));
    findControlGroups(undefined, place);
    expect(existsSync(join(base, '999999999-1'))).toBe(false);
    expect(existsSync(join(base, `${process.pid}-999`))).toBe(true);
  });

  it('are done without where there are none', () => {
    expect(findControlGroups(undefined, { mountTable: '/dev/null', ownGroups: '/dev/null' })).toBe(null);
  });
});
