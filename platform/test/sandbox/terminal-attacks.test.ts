import { readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeBubblewrapProvider } from '../../src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { describeAttacks } from './describe-attacks.ts';
import { processesWith } from './host.ts';
import { withSandbox } from './open-sandbox.ts';
import { throughTerminal } from './through-terminal.ts';

const provider = throughTerminal(makeBubblewrapProvider({ user: 2000, folders: [] }));

describe('attacks from a terminal of bubblewrap', () => {
  describeAttacks(provider);

  it('types into no terminal, not even into its own', async () => {
    await withSandbox(provider, async ({ run }) => {
      const { stdout } = await run(
        'python3',
        '-c',
        `import fcntl, os, termios
for name in ['/dev/tty', '/dev/console', '/dev/tty0', '/dev/tty1', '/dev/pts/0', '/dev/pts/1', '/dev/ptmx']:
  try:
    fd = os.open(name, os.O_RDWR | os.O_NOCTTY)
    for control in [termios.TIOCSTI, 0x541c]:
      try:
        fcntl.ioctl(fd, control, b'x')
        print('typed into', name)
      except OSError as error: print('refused', error.errno)
  except OSError as error: print('closed', error.errno)`,
      );
      expect(stdout).toContain('refused 1');
      expect(stdout).not.toContain('typed into');
    });
  });

  it('sees no terminal of the host, and the host gets none for it', async () => {
    await withSandbox(provider, async ({ sh }) => {
      const told = await sh('tty; ls -1 /dev/pts; readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2');
      const own = told.stdout.split('\n').filter((line) => line.startsWith('/dev/pts/'));
      expect([...new Set(own)]).toEqual(['/dev/pts/0']);
      expect(told.stdout).toMatch(/^0\nptmx$/m);
    });
    const held = openFiles().filter((file) => /ptmx|pts\//.test(file));
    expect(held).toEqual([]);
  });
});

it('leaves nothing behind when it is stopped while it begins', async () => {
  const marker = `604${process.pid}`;
  const command = { program: 'sleep', arguments: [marker], seconds: 20 };
  await withSandbox(provider, async ({ sandbox }) => {
    const size = { columns: 80, rows: 24 };
    // At every moment of its beginning.
    for (let count = 0; count < 100; count += 1) {
      const terminal = await sandbox.terminal(command, size);
      await pause(count / 10);
      await terminal.stop();
    }
  });
  await expect.poll(() => processesWith(marker), { timeout: 5_000 }).toEqual([]);
});

/** What this process has open. */
function openFiles(): string[] {
  return Array.from({ length: 200 }, (_, descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return '';
    }
  });
}
