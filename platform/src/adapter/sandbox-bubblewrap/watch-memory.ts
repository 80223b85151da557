import { readFileSync } from 'node:fs';

const watchEveryMs = 100;
const pageBytes = 4096;

/**
 * Watches what a process and all below it use, where no control group does. It is a moment late, so that each process has a limit of its
 * own, too; in exchange it counts them together.
 */
export function watchMemory(processId: number, most: number, exceeded: () => void): () => void {
  const timer = setInterval(() => {
    const all = descendants(processId);
    const resident = sum(all, residentOf);
    // Pages that several processes share are counted once only by the dearer way.
    if (resident <= most || sum(all, (id) => shareOf(id) ?? residentOf(id)) <= most) return;
    clearInterval(timer);
    exceeded();
  }, watchEveryMs);
  return () => clearInterval(timer);
}

/** A process with all that it has started, as far as they still have their parents; in a sandbox its first process adopts the others. */
function descendants(processId: number): number[] {
  const found = [processId];
  for (const id of found) {
    const children = read(`/proc/${id}/task/${id}/children`).trim();
    if (children !== '') found.push(...children.split(' ').map(Number));
  }
  return found;
}

function residentOf(processId: number): number {
  return Number(read(`/proc/${processId}/statm`).split(' ')[1] ?? 0) * pageBytes;
}

function shareOf(processId: number): number | undefined {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${processId}/smaps_rollup`))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function sum(ids: readonly number[], of: (id: number) => number): number {
  return ids.reduce((total, id) => total + of(id), 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
