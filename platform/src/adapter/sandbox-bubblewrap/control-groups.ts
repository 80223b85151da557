import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SandboxLimit, SandboxLimits } from '../../port/sandbox.ts';

/** The kernel's accounting of one command: what it may use of memory, processes and processors, with all that it starts. */
export interface CommandGroup {
  /** A process enters the group by writing 0 into each of these. */
  readonly entrances: readonly string[];
  /** Which limit the command has run into. */
  reached(): SandboxLimit | null;
  /** Removes the group, once its last process is gone. */
  remove(): Promise<void>;
}

/** Makes groups. */
export interface ControlGroups {
  /** For people: where, and in which version. */
  readonly description: string;
  make(limits: SandboxLimits): CommandGroup;
}

/** Where the kernel shows its groups; another place in tests. */
export interface GroupPlace {
  mountTable: string;
  ownGroups: string;
}

const usualPlace: GroupPlace = { mountTable: '/proc/self/mounts', ownGroups: '/proc/self/cgroup' };
const period = 100_000;
let made = 0;

/** Finds where this process may make groups: under a given one, or its own; null where it may not. */
export function findControlGroups(parent: string | undefined, place = usualPlace): ControlGroups | null {
  try {
    const mounts = readFileSync(place.mountTable, 'utf8')
      .split('\n')
      .map((line) => line.split(' '));
    const first = firstVersion(mounts);
    if (first && parent === undefined) return first;
    const base = parent ?? ownGroup(mounts, place);
    return base === undefined ? null : secondVersion(base);
  } catch {
    return null;
  }
}

function ownGroup(mounts: readonly string[][], { ownGroups }: GroupPlace): string | undefined {
  const unified = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  const own = /^0::(.*)$/m.exec(readFileSync(ownGroups, 'utf8'))?.[1];
  return unified === undefined || own === undefined ? undefined : join(unified, own);
}

/** Version 1 has a tree for each kind of thing; only root may make groups in it. */
function firstVersion(mounts: readonly string[][]): ControlGroups | null {
  const treeOf = (name: string): string | undefined =>
    mounts.find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes(name))?.[1];
  const [memory, pids, cpu] = [treeOf('memory'), treeOf('pids'), treeOf('cpu')];
  if (memory === undefined || pids === undefined || cpu === undefined) return null;
  const trees = [memory, pids, cpu].map((tree) => join(tree, 'batuta'));
  for (const tree of trees) mkdirSync(tree, { recursive: true });
  for (const tree of trees) removeAbandoned(tree);
  const name = nameGroup();
  const groups: ControlGroups = {
    description: `control groups (version 1) under ${trees[0]}`,
    make: (limits) => {
      const [inMemory = '', inPids = '', inCpu = ''] = makeAll(trees, name());
      set(inMemory, 'memory.limit_in_bytes', limits.memoryBytes);
      setIfThere(inMemory, 'memory.memsw.limit_in_bytes', limits.memoryBytes);
      setIfThere(inMemory, 'memory.swappiness', 0);
      set(inPids, 'pids.max', limits.processes);
      set(inCpu, 'cpu.cfs_period_us', period);
      set(inCpu, 'cpu.cfs_quota_us', Math.round(limits.cpus * period));
      return {
        entrances: [inMemory, inPids, inCpu].map((folder) => join(folder, 'cgroup.procs')),
        reached: () => whatWasReached(join(inMemory, 'memory.oom_control'), join(inPids, 'pids.events')),
        remove: async () => {
          killRest(inPids);
          await removeAll([inMemory, inPids, inCpu]);
        },
      };
    },
  };
  return tried(groups);
}

/** Version 2 has one tree; a service manager can give a part of it away. Its inner groups may hold no processes. */
function secondVersion(base: string): ControlGroups | null {
  if (!hands(base, 'cgroup.subtree_control')) delegate(base);
  if (!hands(base, 'cgroup.subtree_control')) return null;
  removeAbandoned(base);
  const name = nameGroup();
  const groups: ControlGroups = {
    description: `control groups (version 2) under ${base}`,
    make: (limits) => {
      const [group = ''] = makeAll([base], name());
      set(group, 'memory.max', limits.memoryBytes);
      setIfThere(group, 'memory.swap.max', 0);
      setIfThere(group, 'memory.oom.group', 1);
      set(group, 'pids.max', limits.processes);
      set(group, 'cpu.max', `${Math.round(limits.cpus * period)} ${period}`);
      return {
        entrances: [join(group, 'cgroup.procs')],
        reached: () => whatWasReached(join(group, 'memory.events'), join(group, 'pids.events')),
        remove: async () => {
          setIfThere(group, 'cgroup.kill', 1);
          await removeAll([group]);
        },
      };
    },
  };
  return tried(groups);
}

const wanted = ['memory', 'pids', 'cpu'];

function hands(group: string, file: string): boolean {
  const given = readFileSync(join(group, file), 'utf8').trim().split(/\s+/);
  return wanted.every((controller) => given.includes(controller));
}

/** This process goes into a group of its own below, so that the one it was in can have more of them beside it. */
function delegate(base: string): void {
  const here = join(base, 'platform');
  mkdirSync(here, { recursive: true });
  for (const id of readFileSync(join(base, 'cgroup.procs'), 'utf8').trim().split('\n')) {
    // Only this process: whoever else is there has not asked to be moved, and keeps the group from being shared out.
    if (id === String(process.pid)) set(here, 'cgroup.procs', id);
  }
  set(base, 'cgroup.subtree_control', wanted.map((controller) => `+${controller}`).join(' '));
}

function nameGroup(): () => string {
  return () => `${process.pid}-${(made += 1)}`;
}

/** Null when a group cannot really be made here. */
function tried(groups: ControlGroups): ControlGroups | null {
  const limits = { memoryBytes: 64_000_000, processes: 8, cpus: 1 };
  const whole = {
    ...limits,
    seconds: 1,
    outputBytes: 0,
    workspaceBytes: 0,
    workspaceFiles: 0,
    temporaryBytes: 0,
  };
  void groups.make(whole).remove();
  return groups;
}

/** Groups of processes that were killed. */
function removeAbandoned(tree: string): void {
  for (const name of readdirSync(tree)) {
    const processId = /^(\d+)-\d+$/.exec(name)?.[1];
    if (processId !== undefined && !existsSync(`/proc/${processId}`)) isRemoved(join(tree, name));
  }
}

function makeAll(trees: readonly string[], name: string): string[] {
  return trees.map((tree) => {
    const folder = join(tree, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  });
}

function set(folder: string, file: string, value: string | number): void {
  writeFileSync(join(folder, file), String(value));
}

function setIfThere(folder: string, file: string, value: string | number): void {
  if (existsSync(join(folder, file))) set(folder, file, value);
}

function whatWasReached(memoryFile: string, processFile: string): SandboxLimit | null {
  if (countIn(memoryFile, 'oom_kill') > 0) return 'memory';
  return countIn(processFile, 'max') > 0 ? 'processes' : null;
}

function countIn(file: string, name: string): number {
  try {
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** A bwrap that was killed while it began leaves a process that waits for it for ever. Version 2 does this by itself. */
function killRest(folder: string): void {
  for (const id of readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n')) {
    try {
      if (id !== '') process.kill(Number(id), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

const longestRemovalMs = 2_000;

/** The kernel still counts a process for a moment after it has ended. */
async function removeAll(folders: readonly string[]): Promise<void> {
  const until = performance.now() + longestRemovalMs;
  let left = folders;
  for (let waitMs = 1; left.length > 0 && performance.now() < until; waitMs *= 2) {
    left = left.filter((folder) => !isRemoved(folder));
    if (left.length > 0) await pause(waitMs);
  }
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder);
  }
}
