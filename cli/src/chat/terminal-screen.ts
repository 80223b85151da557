import { advance, type CursorPlace } from '../terminal/cursor.ts';
import { shorten } from '../terminal/display-width.ts';
import type { Io } from '../terminal/io.ts';
import type { Style } from '../terminal/style.ts';
import type { Screen } from './screen.ts';

const start: CursorPlace = { row: 0, column: 0 };

/**
 * A terminal on which answers grow as they come. While the user types (`hold`), everything waits, so that the typed line
 * stays whole; `release` shows it.
 *
 * The answer's place is counted from its first character: if all of it is still visible it can be erased when its model
 * fails; otherwise a line says that it starts again.
 */
export class TerminalScreen implements Screen {
  readonly #output: Io['output'];
  readonly #style: Style;
  readonly #resetMark: string;
  #place = start;
  #answering = false;
  /** Whether the answer stands in one piece, with nothing typed in between. */
  #whole = true;
  #statusShown = false;
  #held = false;
  #waiting: (() => void)[] = [];

  constructor(output: Io['output'], style: Style, resetMark: string) {
    this.#output = output;
    this.#style = style;
    this.#resetMark = resetMark;
  }

  answer(piece: string): void {
    if (piece !== '') this.#later(() => this.#answer(piece));
  }

  endAnswer(): void {
    this.#later(() => this.#freshLine());
  }

  dropAnswer(): void {
    this.#later(() => this.#drop());
  }

  result(): void {
    // The answer was shown as it came.
  }

  notice(line: string): void {
    this.#later(() => this.#line(this.#style.dim(line)));
  }

  important(line: string): void {
    this.#later(() => this.#line(this.#style.yellow(line)));
  }

  status(line: string): void {
    this.#later(() => this.#status(line));
  }

  /** From now on nothing is written, and the cursor stands on an empty line. */
  hold(): void {
    if (this.#held) return;
    this.#clearStatus();
    if (this.#place.column > 0) this.#output.write('\n');
    this.#held = true;
    this.#whole = false;
    this.#place = start;
  }

  /** Shows what has waited. The cursor must stand on an empty line. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const write of waiting) write();
  }

  #later(write: () => void): void {
    if (this.#held) this.#waiting.push(write);
    else write();
  }

  #answer(piece: string): void {
    this.#clearStatus();
    if (!this.#answering) {
      this.#freshLine();
      this.#answering = true;
      this.#whole = true;
    }
    this.#output.write(piece);
    this.#place = advance(this.#place, piece, this.#columns());
  }

  #drop(): void {
    if (!this.#answering) return;
    this.#clearStatus();
    const visible = this.#whole && this.#place.row < (this.#output.rows ?? 24) - 1;
    if (visible) {
      const up = this.#place.row === 0 ? '' : `\u001B[${this.#place.row}A`;
      this.#output.write(`\r${up}\u001B[J`);
      this.#place = start;
      this.#answering = false;
    } else {
      this.#line(this.#style.dim(this.#resetMark));
    }
  }

  #line(line: string): void {
    this.#freshLine();
    this.#output.write(`${line}\n`);
  }

  #freshLine(): void {
    this.#clearStatus();
    if (this.#place.column > 0) this.#output.write('\n');
    this.#place = start;
    this.#answering = false;
  }

  #status(line: string): void {
    if (this.#answering) this.#freshLine();
    this.#clearStatus();
    this.#output.write(this.#style.dim(shorten(line, this.#columns() - 1)));
    this.#statusShown = true;
  }

  #clearStatus(): void {
    if (this.#statusShown) this.#output.write('\r\u001B[2K');
    this.#statusShown = false;
  }

  #columns(): number {
    return Math.max(10, this.#output.columns ?? 80);
  }
}
