import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test, vi } from 'vitest';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A platform, as far as tool servers are concerned, in a process of its own. */
async function startPlatform() {
  const script = path.join(import.meta.dirname, 'source-process.ts');
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  const told: { state: string; children: number[] } = JSON.parse(await next());
  return { child, next, ...told };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('servers end with the platform when it is killed, however stubborn they are', async () => {
  const platform = await startPlatform();
  expect(platform.state).toBe('ready');
  expect(platform.children.length).toBeGreaterThan(0);
  platform.child.kill('SIGKILL');
  await vi.waitFor(() => expect(platform.children.filter(isThere)).toEqual([]), { timeout: 10_000 });
}, 20_000);

test('servers end when the platform closes, however stubborn they are', async () => {
  const platform = await startPlatform();
  platform.child.stdin.write('close\n');
  expect(await platform.next()).toBe('closed');
  await vi.waitFor(() => expect(platform.children.filter(isThere)).toEqual([]), { timeout: 5_000 });
}, 20_000);
