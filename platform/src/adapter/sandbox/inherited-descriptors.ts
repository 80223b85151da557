import { readdirSync, readFileSync } from 'node:fs';

const closeOnExec = 0o2_000_000;

/**
 * Descriptors above 2 that programs which this process starts would have without being given them: those that its own parent left open.
 * Whatever this process opens itself is closed for them.
 */
export function inheritedDescriptors(): number[] {
  try {
    return readdirSync('/proc/self/fdinfo')
      .map(Number)
      .filter((descriptor) => descriptor > 2 && isOpenForAll(descriptor));
  } catch {
    return [];
  }
}

function isOpenForAll(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    return false;
  }
}
