import { createInterface, type Interface, type Key } from 'node:readline';
import type { Io } from '../terminal/io.ts';
import { LineQueue, type Lines } from './lines.ts';

/** What typing does to the screen beside it. */
export interface TypingHooks {
  /** A person began to type while text may come: the cursor must be put on an empty line, and nothing written. */
  hold(): void;
  /** The cursor stands on an empty line: what has waited may be written. */
  release(): void;
  interrupt(): void;
}

/**
 * Lines that a person types. States:
 * - hidden: no prompt stands; text of the agent comes. A printable key leads to typing
 * - typing: a person types while the agent works; the screen is held. Enter, or an emptied line, leads to hidden
 * - shown: a prompt stands and a line is wanted; the screen is held. Enter leads to hidden
 * - closed: the input has ended, nothing leads out
 * `show` leads to shown from everywhere else, `hide` to hidden; what was typed so far is kept in both.
 */
export class TypedLines implements Lines {
  readonly interactive = true;
  readonly #queue = new LineQueue();
  readonly #reader: Interface;
  readonly #io: Pick<Io, 'input' | 'output'>;
  readonly #hooks: TypingHooks;
  #state: 'hidden' | 'typing' | 'shown' | 'closed' = 'hidden';
  /** Lines of one paste come in one turn of the event loop; they are one message. */
  #pasted: string[] = [];

  constructor(io: Pick<Io, 'input' | 'output'>, hooks: TypingHooks) {
    this.#io = io;
    this.#hooks = hooks;
    this.#reader = createInterface({ input: io.input, output: io.output, terminal: true, prompt: '' });
    this.#reader.on('line', (line) => this.#entered(line));
    this.#reader.on('close', () => this.#ended());
    this.#reader.on('SIGINT', () => this.#hooks.interrupt());
    io.input.prependListener('keypress', this.#beforeKey);
    io.input.on('keypress', this.#afterKey);
  }

  get ended(): boolean {
    return this.#queue.ended;
  }

  show(prompt: string): void {
    if (this.#state === 'closed') return;
    if (this.#state !== 'hidden') this.#eraseTyped();
    this.#hooks.hold();
    this.#state = 'shown';
    this.#reader.setPrompt(prompt);
    this.#reader.prompt(true);
  }

  hide(): void {
    if (this.#state === 'hidden' || this.#state === 'closed') return;
    if (this.#reader.line !== '') {
      this.#state = 'typing';
      return;
    }
    this.#eraseTyped();
    this.#state = 'hidden';
  }

  next(signal: AbortSignal): Promise<string | undefined> {
    return this.#queue.next(signal);
  }

  close(): void {
    this.#io.input.off('keypress', this.#beforeKey).off('keypress', this.#afterKey);
    this.#reader.close();
  }

  readonly #beforeKey = (text: string | undefined, key: Key): void => {
    const printable = text !== undefined && text >= ' ' && text !== '\u007F' && !key.ctrl && !key.meta;
    if (this.#state !== 'hidden' || !printable) return;
    this.#hooks.hold();
    this.#state = 'typing';
    this.#reader.setPrompt('» ');
    this.#reader.prompt(true);
  };

  readonly #afterKey = (): void => {
    if (this.#state === 'typing' && this.#reader.line === '') {
      this.#eraseTyped();
      this.#state = 'hidden';
    }
  };

  #entered(line: string): void {
    // Readline has put the cursor on a new line.
    this.#state = 'hidden';
    this.#hooks.release();
    if (this.#pasted.push(line) === 1)
      setImmediate(() => this.#queue.push(this.#pasted.splice(0).join('\n')));
  }

  #ended(): void {
    if (this.#state !== 'hidden') this.#io.output.write('\n');
    this.#state = 'closed';
    this.#hooks.release();
    this.#queue.end();
  }

  /** Takes the prompt and the typed text from the terminal (readline keeps the text), and shows what has waited. */
  #eraseTyped(): void {
    const { rows } = this.#reader.getCursorPos();
    this.#io.output.write(`\r${rows > 0 ? `\u001B[${rows}A` : ''}\u001B[J`);
    this.#hooks.release();
  }
}
