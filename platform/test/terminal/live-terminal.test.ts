import { beforeEach, describe, expect, test } from 'vitest';
import { LiveTerminal } from '../../src/application/terminal/live-terminal.ts';
import { ScreenMemory } from '../../src/application/terminal/screen-memory.ts';
import type { TerminalViewer } from '../../src/application/terminal/terminal-door.ts';
import type { CommandEnd, SandboxTerminal } from '../../src/port/sandbox.ts';
import { FakeClock } from '../http/fake-clock.ts';

const settings = {
  maxPerSession: 1,
  maxPerTenant: 1,
  graceSeconds: 10,
  idleSeconds: 100,
  totalSeconds: 1000,
  screenBytes: 50,
  outputBytesPerSecond: 10_000,
};
const size = { columns: 80, rows: 24 };

/** A shell that does nothing by itself. */
class FakeShell implements SandboxTerminal {
  readonly #end = Promise.withResolvers<CommandEnd>();
  readonly ended = this.#end.promise;
  readonly sizes: string[] = [];
  isPaused = false;
  reads: () => Promise<void> = () => Promise.resolve();
  type = () => this.reads();
  resize = ({ columns, rows }: typeof size): void => void this.sizes.push(`${columns}x${rows}`);
  pause = () => void (this.isPaused = true);
  resume = () => void (this.isPaused = false);
  stop = () => {
    this.#end.resolve({ exitCode: null, signal: 'SIGKILL', limit: null, durationMs: 1 });
    return this.ended;
  };
}

/** Somebody who looks, and can fall behind. */
class FakeViewer implements TerminalViewer {
  seen = '';
  full: Promise<void> | undefined;
  ends: unknown[] = [];
  isReplaced = false;
  shown = (piece: Uint8Array) => void (this.seen += Buffer.from(piece).toString());
  drained = () => this.full;
  ended = (end: unknown) => void this.ends.push(end);
  replaced = () => void (this.isReplaced = true);
}

let clock: FakeClock;
let shell: FakeShell;
let live: LiveTerminal;
let viewer: FakeViewer;

beforeEach(() => {
  clock = new FakeClock();
  shell = new FakeShell();
  live = new LiveTerminal(shell, { clock, settings, size });
  viewer = new FakeViewer();
});

function show(text: string): void {
  live.show(Buffer.from(text));
}

describe('a terminal', () => {
  test('gives a viewer what was shown before, what comes, and makes programs draw again', () => {
    show('before\n');
    expect(Buffer.from(live.watch(viewer, size)).toString()).toBe('before\n');
    show('after');
    expect(viewer.seen).toBe('after');
    expect(shell.sizes).toEqual(['80x25', '80x24']);
  });

  test('ends when nobody types for long, and not before', async () => {
    live.watch(viewer, size);
    await clock.advance(99_000);
    await live.type(Buffer.from('x'));
    await clock.advance(99_000);
    expect(viewer.ends).toEqual([]);
    await clock.advance(1_000);
    expect(await live.ended).toMatchObject({ reason: 'idle', typedBytes: 1 });
    expect(viewer.ends).toEqual([{ reason: 'idle', limit: null, exit_code: null }]);
  });

  test('waits for a viewer who has left, and ends when none comes', async () => {
    live.watch(viewer, size);
    live.leave(viewer);
    await clock.advance(9_000);
    const next = new FakeViewer();
    live.watch(next, size);
    await clock.advance(20_000);
    expect(next.ends).toEqual([]);
    live.leave(viewer);
    live.leave(next);
    await clock.advance(10_000);
    expect(await live.ended).toMatchObject({ reason: 'abandoned' });
  });

  test('has one viewer: the next takes its place', () => {
    live.watch(viewer, size);
    const next = new FakeViewer();
    live.watch(next, size);
    show('x');
    expect([viewer.isReplaced, viewer.seen, next.seen]).toEqual([true, '', 'x']);
  });

  test('makes the program wait when it shows more than may be in a moment', async () => {
    live.watch(viewer, size);
    show('x'.repeat(1000));
    expect(shell.isPaused).toBe(false);
    show('x');
    expect(shell.isPaused).toBe(true);
    await clock.advance(100);
    expect(shell.isPaused).toBe(false);
  });

  test('makes the program wait for a viewer who is behind', async () => {
    const room = Promise.withResolvers<void>();
    live.watch(viewer, size);
    viewer.full = room.promise;
    show('x');
    await clock.advance(100);
    expect(shell.isPaused).toBe(true);
    room.resolve();
    await clock.advance(0);
    expect(shell.isPaused).toBe(false);
  });

  test('gives up what is typed for a program that reads nothing, until it reads again', async () => {
    const reading = Promise.withResolvers<void>();
    shell.reads = () => reading.promise;
    const typed = live.type(Buffer.from('one'));
    await clock.advance(5_000);
    await typed;
    await live.type(Buffer.from('lost'));
    reading.resolve();
    await clock.advance(0);
    await live.type(Buffer.from('two'));
    live.stop('closed');
    expect(await live.ended).toMatchObject({ typedBytes: 6 });
  });
});

test('what a screen remembers is bounded, and begins with a line', () => {
  const screen = new ScreenMemory(20);
  for (const piece of ['first line\n', 'second\n', 'third\n', '4']) screen.add(Buffer.from(piece));
  expect(screen.read().toString()).toBe('second\nthird\n4');
  screen.add(Buffer.from('x'.repeat(1000)));
  expect(screen.read().byteLength).toBeLessThanOrEqual(20);
});
