import type { PieceReader } from './piece-reader.ts';
import type { StreamPace } from './pace.ts';

/** The connection that an answer arrives on. */
export interface AnswerSource {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** What is gathered of an answer that nobody asks for; the network waits beyond it. */
const mostGathered = 262_144;

const nothing = new Uint8Array();

/**
 * The body of an answer, between the network, which brings it when it likes, and a provider package, which asks for it.
 *
 * States: *idle* (nobody asks; what arrives is gathered), *asked* (what arrives is handed over at the end of the present task, all
 * that came together as one piece), *resting* (asked for again, but the process has many streams: the network waits until the
 * pace allows the next piece), *ended* (by the network, an error or the reader).
 */
export class AnswerBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #source: AnswerSource;
  readonly #reader: PieceReader;
  readonly #pace: StreamPace;
  #state: 'idle' | 'asked' | 'resting' | 'ended' = 'idle';
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #gathered: Uint8Array[] = [];
  #size = 0;
  #isHandOverDue = false;
  #isPaused = false;
  #hasHandedOver = false;
  #rest: NodeJS.Timeout | undefined;

  constructor(source: AnswerSource, reader: PieceReader, pace: StreamPace) {
    this.#source = source;
    this.#reader = reader;
    this.#pace = pace;
    pace.enter();
    this.stream = new ReadableStream(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#ask(),
        cancel: (reason: unknown) => this.#leave(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /** Bytes arrived. */
  add(chunk: Uint8Array): void {
    if (this.#state === 'ended') return;
    this.#gathered.push(chunk);
    this.#size += chunk.byteLength;
    if (this.#state === 'asked') this.#handOverSoon();
    else if (this.#size > mostGathered) this.#pause();
  }

  /** The answer is complete. */
  end(): void {
    if (this.#state === 'ended') return;
    try {
      const pieces = [this.#take(), this.#reader.end()];
      this.#finish();
      for (const piece of pieces) this.#enqueue(piece);
      this.#controller?.close();
    } catch (error) {
      this.fail(error);
    }
  }

  /** The answer broke off. */
  fail(error: unknown): void {
    if (this.#state !== 'ended') this.#finish();
    this.#controller?.error(error);
  }

  #ask(): void {
    if (this.#state !== 'idle') return;
    const pause = this.#hasHandedOver ? this.#pace.pauseMs : 0;
    if (pause === 0) return this.#answer();
    this.#state = 'resting';
    this.#pause();
    this.#rest = setTimeout(() => this.#answer(), pause);
  }

  #answer(): void {
    this.#state = 'asked';
    if (this.#size > 0) this.#handOver();
    this.#resume();
  }

  /** After the present task, so that all that one read of the socket brought is one piece. */
  #handOverSoon(): void {
    if (this.#isHandOverDue) return;
    this.#isHandOverDue = true;
    queueMicrotask(() => {
      this.#isHandOverDue = false;
      if (this.#state === 'asked') this.#handOver();
    });
  }

  #handOver(): void {
    try {
      const piece = this.#take();
      // An incomplete event gives nothing yet: then more is waited for.
      if (piece.byteLength > 0) this.#state = 'idle';
      this.#enqueue(piece);
    } catch (error) {
      this.#source.abort(error instanceof Error ? error : new TypeError(String(error)));
      this.fail(error);
    }
  }

  #take(): Uint8Array {
    const [first = nothing, ...rest] = this.#gathered;
    if (this.#size === 0) return nothing;
    this.#gathered = [];
    this.#size = 0;
    return this.#reader.push(rest.length === 0 ? first : Buffer.concat([first, ...rest]));
  }

  #enqueue(piece: Uint8Array): void {
    if (piece.byteLength === 0) return;
    this.#hasHandedOver = true;
    this.#controller?.enqueue(piece);
  }

  #leave(reason: unknown): void {
    if (this.#state === 'ended') return;
    this.#finish();
    this.#source.abort(reason instanceof Error ? reason : new TypeError('the reader left'));
  }

  #finish(): void {
    this.#state = 'ended';
    this.#gathered = [];
    clearTimeout(this.#rest);
    this.#pace.leave();
  }

  #pause(): void {
    this.#isPaused = true;
    this.#source.pause();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#source.resume();
  }
}
