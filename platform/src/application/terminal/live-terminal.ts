import type { TerminalEndReason } from '@batuta/contract';
import type { Clock } from '../../port/clock.ts';
import type { CommandEnd, SandboxTerminal, TerminalSize } from '../../port/sandbox.ts';
import { ScreenMemory } from './screen-memory.ts';
import type { TerminalViewer } from './terminal-door.ts';

/** What terminals may use up. */
export interface TerminalSettings {
  maxPerSession: number;
  maxPerTenant: number;
  graceSeconds: number;
  idleSeconds: number;
  totalSeconds: number;
  screenBytes: number;
  outputBytesPerSecond: number;
}

/** What went through a terminal, and how it ended. */
export interface TerminalAccount {
  reason: TerminalEndReason;
  end: CommandEnd;
  typedBytes: number;
  shownBytes: number;
}

const windowMs = 100;
/** How long what is typed waits for a program that reads nothing. What comes afterwards is given up, until it reads again. */
const stuckMs = 5_000;

/**
 * A terminal that is open, whoever sits at it. States:
 *
 * - *watched*: what is shown goes to a viewer, and no faster than it takes it. Left when its connection is gone.
 * - *left*: what is shown is kept, as much as there is room. Left when a viewer comes, or for good after the grace.
 * - *ended*: the shell has ended, by itself or because it was stopped.
 *
 * In both of the first, output waits when more of it comes in a tenth of a second than may: the program waits then, nothing is lost and
 * nothing grows.
 */
export class LiveTerminal {
  /** Ends with the terminal. Contract: never rejects. */
  readonly ended: Promise<TerminalAccount>;
  readonly #clock: Clock;
  readonly #settings: TerminalSettings;
  readonly #screen: ScreenMemory;
  readonly #terminal: SandboxTerminal;
  readonly #waits = new Set<'pace' | 'viewer'>();
  readonly #stops = new Map<'grace' | 'idle' | 'window', () => void>();
  #viewer: TerminalViewer | undefined;
  #size: TerminalSize;
  #reason: TerminalEndReason | undefined;
  #inWindow = 0;
  #isStuck = false;
  #typedBytes = 0;
  #shownBytes = 0;

  constructor(
    terminal: SandboxTerminal,
    { clock, settings, size }: { clock: Clock; settings: TerminalSettings; size: TerminalSize },
  ) {
    this.#clock = clock;
    this.#settings = settings;
    this.#screen = new ScreenMemory(settings.screenBytes);
    this.#terminal = terminal;
    this.#size = size;
    this.ended = terminal.ended.then((end) => this.#finish(end));
    this.#beIdle();
  }

  /** Called with what the program shows. */
  show(piece: Uint8Array): void {
    this.#shownBytes += piece.byteLength;
    this.#screen.add(piece);
    this.#viewer?.shown(piece);
    this.#pace(piece.byteLength);
    const full = this.#viewer?.drained();
    if (full) void this.#waitFor(full);
  }

  /** A viewer sits down, in place of the one that is there. Gives what was shown last; programs that fill the screen draw it again. */
  watch(viewer: TerminalViewer, size: TerminalSize): Uint8Array {
    this.#stop('grace');
    this.#viewer?.replaced();
    this.#viewer = viewer;
    this.#terminal.resize({ ...size, rows: size.rows + 1 });
    this.resize(size);
    return this.#screen.read();
  }

  /** The viewer is gone, if it is still this one. */
  leave(viewer: TerminalViewer): void {
    if (this.#viewer !== viewer) return;
    this.#viewer = undefined;
    const { graceSeconds } = this.#settings;
    this.#after('grace', graceSeconds * 1000, () => this.stop('abandoned'));
  }

  async type(input: Uint8Array): Promise<void> {
    this.#beIdle();
    if (this.#isStuck) return;
    this.#typedBytes += input.byteLength;
    const taken = new AbortController();
    this.#isStuck = true;
    const typing = this.#terminal.type(input).then(() => {
      this.#isStuck = false;
      taken.abort();
    });
    await Promise.race([typing, this.#clock.sleep(stuckMs, taken.signal)]);
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#terminal.resize(this.#size);
  }

  /** Ends it, if it has not ended. */
  stop(reason: TerminalEndReason): void {
    this.#reason ??= reason;
    void this.#terminal.stop();
  }

  #finish(end: CommandEnd): TerminalAccount {
    for (const name of ['grace', 'idle', 'window'] as const) this.#stop(name);
    const reason = this.#reason ?? (end.limit === null ? 'exited' : 'limit');
    const { limit } = end;
    this.#viewer?.ended({ reason, limit, exit_code: reason === 'exited' ? end.exitCode : null });
    this.#viewer = undefined;
    return { reason, end, typedBytes: this.#typedBytes, shownBytes: this.#shownBytes };
  }

  #beIdle(): void {
    this.#after('idle', this.#settings.idleSeconds * 1000, () => this.stop('idle'));
  }

  #pace(bytes: number): void {
    this.#inWindow += bytes;
    if (!this.#stops.has('window')) this.#after('window', windowMs, () => this.#nextWindow());
    if (this.#inWindow > (this.#settings.outputBytesPerSecond * windowMs) / 1000) this.#hold('pace');
  }

  #nextWindow(): void {
    this.#inWindow = 0;
    this.#release('pace');
  }

  async #waitFor(full: Promise<void>): Promise<void> {
    this.#hold('viewer');
    await full;
    this.#release('viewer');
  }

  #hold(what: 'pace' | 'viewer'): void {
    if (this.#waits.size === 0) this.#terminal.pause();
    this.#waits.add(what);
  }

  #release(what: 'pace' | 'viewer'): void {
    if (this.#waits.delete(what) && this.#waits.size === 0) this.#terminal.resume();
  }

  #after(name: 'grace' | 'idle' | 'window', ms: number, callback: () => void): void {
    this.#stop(name);
    const stop = this.#clock.after(ms, () => {
      this.#stops.delete(name);
      callback();
    });
    this.#stops.set(name, stop);
  }

  #stop(name: 'grace' | 'idle' | 'window'): void {
    this.#stops.get(name)?.();
    this.#stops.delete(name);
  }
}
