import { spawnSync } from 'node:child_process';
import { chownSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CommandEnd, SandboxFinding } from '../../src/port/sandbox.ts';

const script = join(import.meta.dirname, 'strange-process.ts');
const folder = mkdtempSync(join(tmpdir(), 'batuta-strange-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  told: (CommandEnd & { said: string })[];
  problems: SandboxFinding[];
}

function runStrange(scripts: readonly string[], more: { user?: number; descriptor?: number } = {}): Answer {
  const { user, descriptor } = more;
  const workspace = mkdtempSync(join(folder, 'files-'));
  if (user !== undefined) for (const path of [folder, workspace]) chownSync(path, user, user);
  const done = spawnSync(process.execPath, [script, workspace, ...scripts], {
    stdio: ['ignore', 'pipe', 'pipe', ...Array.from({ length: 6 }, () => descriptor ?? ('ignore' as const))],
    env: { SECRET: 'canary' },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  expect(done.stderr.toString()).toBe('');
  return JSON.parse(done.stdout.toString()) as Answer;
}

describe('a platform that was given open files by its parent', () => {
  it('does not pass them on', () => {
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'canary');
    const descriptor = openSync(secret, 'r');
    const read = 'for n in 3 4 5 6 7 8; do (eval "cat <&$n") 2>/dev/null; done; readlink /proc/$$/fd/*; true';
    const [told] = runStrange([read], { descriptor }).told;
    closeSync(descriptor);
    expect(told?.exitCode).toBe(0);
    expect(told?.said).not.toMatch(/canary|secret/);
  });
});

describe.runIf(process.getuid?.() === 0)('a platform of a user without rights', () => {
  it('keeps commands in by namespaces, and by limits of each process where it has no control groups', () => {
    const { told, problems } = runStrange(
      [
        'id -u; grep -E "^(CapEff|CapBnd|NoNew|Seccomp:)" /proc/self/status; cat /proc/[0-9]*/environ | tr "\\0" "\\n"',
        'unshare -U true; unshare -m true; mount -t tmpfs x /tmp; echo x > /usr/x; touch here && ls',
        'python3 -c "b=bytearray(10**9); print(len(b))"',
        'node -e "const all=[]; for(;;) all.push(Buffer.alloc(1e7, 1))" 2>&1 | tail -c 300; node -e "console.log(6*7)"',
        'python3 -c "\nimport os\nn=0\nfor _ in range(500):\n  try:\n    if os.fork()==0:\n      import time; time.sleep(1); os._exit(0)\n    n+=1\n  except OSError: break\nprint(n < 80)"',
      ],
      { user: 2001 },
    );
    const said = told.map((each) => each.said);
    expect(said[0]).toMatch(/^2000\nCapEff:\t0+\nCapBnd:\t0+\nNoNewPrivs:\t1\nSeccomp:\t2\n/);
    expect(said[0]).not.toContain('canary');
    expect(said[1]).toMatch(/unshare failed: Operation not permitted[^]*here\n$/);
    expect(said[2]).toMatch(/MemoryError/);
    expect(said[3]).toMatch(/42\n$/);
    expect(said[4]).toBe('True\n');
    expect(problems.map(({ isNeeded }) => isNeeded)).toEqual([false]);
  });
});
