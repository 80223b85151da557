import { expect, it } from 'vitest';
import type { SandboxProvider } from '../../src/port/sandbox.ts';
import { processesWith } from './host.ts';
import { withSandbox, type TestSandbox } from './open-sandbox.ts';
import { TestTerminal } from './test-terminal.ts';

/** A busy machine takes its time. */
const soon = { timeout: 10_000 };

/** Where kinds of sandboxes differ. */
export interface TerminalTraits {
  /** The engine hands sizes on in its own time: a program may run a moment before it has its first one. */
  sizesComeLate?: boolean;
}

/** What every kind of sandbox does with a person at a terminal. */
export function describeTerminal(provider: SandboxProvider, traits: TerminalTraits = {}): void {
  describeTyping(provider, traits);
  describeEndings(provider);
  describeFlood(provider);
}

function describeTyping(provider: SandboxProvider, { sizesComeLate = false }: TerminalTraits): void {
  it('answers what is typed, and shows it as it is typed', async () => {
    await withTerminal(provider, async (terminal) => {
      await terminal.isReady();
      terminal.type('echo $((6*7))\r');
      expect(await terminal.shows(/echo \$\(\(6\*7\)\)\r\n(?:.*\r)?42\r\n/)).toBe(true);
    });
  });

  it('takes what is typed before its shell is ready', async () => {
    await withTerminal(provider, async (terminal) => {
      terminal.type('echo early-$((6*7))\r');
      expect(await terminal.shows(/early-42\r\n/)).toBe(true);
    });
  });

  it('is a terminal of its own, with job control', async () => {
    await withTerminal(provider, async (terminal) => {
      terminal.type('test -t 0 && test -t 1 && test -t 2 && echo all-$((1+2)); sleep 60 &\r');
      await terminal.shows(/all-3\r\n/);
      terminal.type('jobs; kill %1; fg 2>&1 | head -1; echo over-$((3+3))\r');
      expect(await terminal.shows(/Running.*sleep 60[^]*over-6/)).toBe(true);
    });
  });

  it('has the size that it was given, and then the next', async () => {
    await withTerminal(provider, async (terminal) => {
      const ask = `python3 -c 'import os; size = os.get_terminal_size(); print("rows", size.lines, size.columns)'\r`;
      terminal.type(ask);
      await terminal.shows(/rows 24 80\r\n/);
      for (const rows of [30, 40, 51, 50]) terminal.resize({ columns: 132, rows });
      // Some engines hand a size on in their own time; the last one is the last everywhere.
      await terminal.until(async () => {
        terminal.forget();
        terminal.type(ask);
        await terminal.shows(/rows \d+ \d+\r\n/);
        return terminal.shown.includes('rows 50 132');
      });
      terminal.forget();
      terminal.type(ask);
      expect(await terminal.shows(/rows 50 132\r\n/)).toBe(true);
    });
  });

  it('has its size when the program asks as the first thing that it does', async () => {
    await withSandbox(provider, async ({ sandbox }) => {
      const wait = sizesComeLate
        ? '[time.sleep(.05) for _ in range(100) if os.get_terminal_size().lines == 0]; '
        : '';
      const script = `import os, time; ${wait}size = os.get_terminal_size(); print("rows", size.lines, size.columns)`;
      const command = { program: 'python3', arguments: ['-S', '-c', script], seconds: 15 };
      const shown = [1, 2, 3, 4].map(async () => {
        let text = '';
        const output = (piece: Uint8Array): void => void (text += Buffer.from(piece).toString());
        const terminal = await sandbox.terminal(command, { columns: 90, rows: 33 }, { output });
        await terminal.ended;
        return text;
      });
      expect(await Promise.all(shown)).toEqual(shown.map(() => 'rows 33 90\r\n'));
    });
  });

  it('hands over every key, also those that engines take for themselves', async () => {
    await withTerminal(provider, async (terminal) => {
      await terminal.isReady();
      terminal.type('cat -v\r');
      await terminal.shows(/cat -v\r\n/);
      terminal.type('\x10');
      await terminal.shows(/\^P$/);
      terminal.type('\x11');
      await terminal.quiet();
      terminal.type('over\r');
      expect(await terminal.shows(/\^Pover\r\n/)).toBe(true);
    });
  });

  it('interrupts what runs when Ctrl-C is typed', async () => {
    await withTerminal(provider, async (terminal) => {
      terminal.type('sh -c "echo on-$((1+1)); exec sleep 600"\r');
      await terminal.shows(/on-2/);
      terminal.type('\x03');
      terminal.type('echo next-$((2+2))\r');
      expect(await terminal.shows(/next-4/)).toBe(true);
    });
  });

  it('takes a long paste whole', async () => {
    await withTerminal(provider, async (terminal, { sandbox }) => {
      terminal.type('echo on-$((1+1)); cat > pasted; echo off-$((1+1))\r');
      await terminal.shows(/on-2/);
      const lines = Array.from({ length: 4000 }, (_, index) => `line ${index} ${'x'.repeat(50)}\n`);
      await terminal.typed(`${lines.join('').replaceAll('\n', '\r')}\x04`);
      await terminal.shows(/off-2/);
      const { content } = await sandbox.files.read('pasted', { offset: 0, length: 1_000_000 });
      expect(Buffer.from(content).toString()).toBe(lines.join(''));
    });
  });

  it('works on the files that commands work on, at the same time', async () => {
    await withTerminal(provider, async (terminal, { sh }) => {
      terminal.type('echo from the terminal > one\r');
      await terminal.until(async () => (await sh('cat one 2>&1')).stdout === 'from the terminal\n');
      await sh('echo from a command > two');
      terminal.type('cat two\r');
      expect(await terminal.shows(/\nfrom a command\r\n/)).toBe(true);
    });
  });
}

function describeEndings(provider: SandboxProvider): void {
  it.each([
    ['exit 7\r', 7],
    ['exit\r', 0],
  ])('ends with the code of the shell: %j', async (typed, exitCode) => {
    await withTerminal(provider, async (terminal) => {
      terminal.type(typed);
      expect(await terminal.ended).toMatchObject({ exitCode, signal: null, limit: null });
    });
  });

  it('shows what was written last', async () => {
    await withTerminal(provider, async (terminal) => {
      terminal.type('seq 1 2000; exit\r');
      await terminal.ended;
      expect(terminal.shown).toMatch(/\n2000\r\n/);
    });
  });

  it('leaves nothing behind when it is stopped', async () => {
    await withTerminal(provider, async (terminal) => {
      const marker = `602${process.pid}`;
      // What makes a session of its own is only ended with a sandbox.
      const apart = provider.confines ? `setsid sleep ${marker} &` : '';
      terminal.type(`trap "" HUP TERM; sleep ${marker} & ${apart} nohup sleep ${marker} &\r`);
      const count = (): number => processesWith(`sleep\0${marker}`).length;
      await terminal.until(async () => count() === (provider.confines ? 3 : 2));
      await terminal.stop();
      await expect.poll(count, soon).toBe(0);
    });
  });

  it('is ended when its time is over', async () => {
    await withTerminal(
      provider,
      async (terminal) => {
        expect(await terminal.ended).toMatchObject({ limit: 'time' });
      },
      { seconds: 1 },
    );
  });

  it('is ended with the workspace', async () => {
    await withSandbox(provider, async ({ sandbox }) => {
      const terminal = await TestTerminal.open(sandbox);
      await sandbox.destroy();
      expect(await terminal.ended).not.toMatchObject({ exitCode: 0 });
    });
  });

  it('is refused where nothing can be run', async () => {
    await withSandbox(provider, async ({ sandbox }) => {
      const size = { columns: 80, rows: 24 };
      await expect(sandbox.terminal({ program: '', arguments: [], seconds: 1 }, size)).rejects.toMatchObject({
        code: 'command-invalid',
      });
    });
  });
}

function describeFlood(provider: SandboxProvider): void {
  it('waits with its output while nobody takes it, and still hears Ctrl-C', async () => {
    await withTerminal(provider, async (terminal) => {
      terminal.type('yes\r');
      await terminal.shows(/y\r\ny\r\n/);
      terminal.pause();
      const before = await terminal.quiet();
      expect(await terminal.quiet()).toBe(before);
      terminal.forget();
      terminal.resume();
      terminal.type('\x03');
      terminal.type('echo after-$((4+4))\r');
      expect(await terminal.shows(/after-8/)).toBe(true);
    });
  });
}

async function withTerminal(
  provider: SandboxProvider,
  test: (terminal: TestTerminal, given: TestSandbox) => Promise<void>,
  more: { seconds?: number } = {},
): Promise<void> {
  await withSandbox(provider, async (given) => {
    const terminal = await TestTerminal.open(given.sandbox, more);
    await test(terminal, given);
  });
}
