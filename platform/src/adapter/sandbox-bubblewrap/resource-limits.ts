import type { SandboxLimits } from '../../port/sandbox.ts';

/** What Node sets aside for code before it runs any. */
const reservedBytes = 512_000_000;

/**
 * Limits that the shell inside sets before it becomes the command. They hold for each process by itself: where there are control
 * groups, those limit all processes together, and only the size of one file and the number of open ones is limited here.
 */
export function resourceLimits(limits: SandboxLimits, hasGroups: boolean): string {
  const always = ['ulimit -c 0', `ulimit -f ${Math.ceil(limits.workspaceBytes / 512)}`, 'ulimit -n 1024'];
  if (hasGroups) return always.join('; ');
  // Not the address space: Node reserves far more of it than it uses, and some more here. Shells do not agree on the letter for processes.
  const { processes } = limits;
  return [
    ...always,
    `ulimit -d ${Math.floor((limits.memoryBytes + reservedBytes) / 1024)}`,
    `{ ulimit -u ${processes} || ulimit -p ${processes}; } 2>/dev/null`,
    `ulimit -t ${Math.ceil(limits.seconds * Math.max(1, limits.cpus))}`,
  ].join('; ');
}
