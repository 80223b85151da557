import { setTimeout as pause } from 'node:timers/promises';
import { interactiveShell } from '../../src/application/terminal/interactive-shell.ts';
import type { CommandEnd, Sandbox, SandboxTerminal, TerminalSize } from '../../src/port/sandbox.ts';

/** The shell of the platform, at a terminal that can do nothing but lines. */
const shell = {
  ...interactiveShell,
  environment: { ...interactiveShell.environment, TERM: 'dumb', PS1: '> ' },
};

/** A person at a terminal. */
export class TestTerminal {
  shown = '';
  #received = 0;
  #isOver = false;
  #terminal: SandboxTerminal | undefined;
  #wake = Promise.withResolvers<void>();

  static async open(sandbox: Sandbox, { seconds = 60 } = {}): Promise<TestTerminal> {
    const person = new TestTerminal();
    const output = (piece: Uint8Array): void => person.#see(piece);
    const size = { columns: 80, rows: 24 };
    person.#terminal = await sandbox.terminal({ ...shell, seconds }, size, { output });
    void person.ended.then(() => person.#end());
    return person;
  }

  get ended(): Promise<CommandEnd> {
    return this.#own.ended;
  }

  type(text: string): void {
    void this.typed(text);
  }

  async typed(text: string): Promise<void> {
    await this.#own.type(Buffer.from(text));
  }

  /** True as soon as the shell waits for something to be typed. */
  async isReady(): Promise<boolean> {
    return await this.shows(/[>$] $/);
  }

  /** True as soon as this can be read. */
  async shows(pattern: RegExp): Promise<boolean> {
    // Before the test's own time is over, which would not tell what was shown.
    const late = setTimeout(() => this.#end(), 15_000);
    while (!pattern.test(this.shown)) {
      if (this.#isOver) throw new TypeError(`never shown: ${pattern} in ${JSON.stringify(this.shown)}`);
      await this.#wake.promise;
    }
    clearTimeout(late);
    return true;
  }

  /** Asks again and again until it is so. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await pause(50);
  }

  resize(size: TerminalSize): void {
    this.#own.resize(size);
  }

  pause(): void {
    this.#own.pause();
  }

  resume(): void {
    this.#own.resume();
  }

  async stop(): Promise<void> {
    await this.#own.stop();
  }

  /** How much came until nothing has come for a while. */
  async quiet(): Promise<number> {
    for (let before = -1; before !== this.#received;) {
      before = this.#received;
      await pause(200);
    }
    return this.#received;
  }

  forget(): void {
    this.shown = '';
  }

  get #own(): SandboxTerminal {
    if (!this.#terminal) throw new TypeError('the terminal is not open yet');
    return this.#terminal;
  }

  #end(): void {
    this.#isOver = true;
    this.#wake.resolve();
  }

  #see(piece: Uint8Array): void {
    this.#received += piece.byteLength;
    this.shown = (this.shown + Buffer.from(piece).toString()).slice(-300_000);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}
