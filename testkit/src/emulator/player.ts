import type { ServerResponse } from 'node:http';

import type { EmulatorClock } from './clock.ts';
import type { RequestOutcome } from './emulated-request.ts';
import type { Step, Transmission } from './transmission.ts';

/** What a player needs beside the transmission. */
export interface PlayerContext {
  clock: EmulatorClock;
  /** Contract: called once, when the answer has ended in whatever way. */
  ended: (outcome: Exclude<RequestOutcome, 'open'>) => void;
}

/** Timers fire whole milliseconds: what is due within this is sent now. */
const toleranceMs = 0.5;

/** Sends a transmission. One that needs no time is one write. */
export function play(response: ServerResponse, transmission: Transmission, context: PlayerContext): void {
  const data = onlyWrite(transmission);
  if (data === undefined) {
    new Player(response, transmission, context).start();
    return;
  }
  response.on('close', () => {
    transmission.release?.(response);
    context.ended(response.writableFinished ? 'answered' : 'aborted');
  });
  response.writeHead(transmission.status, transmission.headers);
  response.end(data);
}

/** The body of a transmission that is one write without any wait; nothing for the others. */
function onlyWrite({ cutAfterBytes, ending, steps }: Transmission): string | Uint8Array | undefined {
  const [step] = steps;
  if (steps.length !== 1 || step === undefined || ending !== 'end' || cutAfterBytes !== undefined)
    return undefined;
  if (step.waitMs !== 0 || step.until !== undefined) return undefined;
  return typeof step.data === 'string' || step.data instanceof Uint8Array ? step.data : undefined;
}

/**
 * Sends the steps one after the other. States: playing (a step is due or awaited), ending (all is sent, the rest is up to
 * the socket), closed. Every wait ends when the connection closes.
 */
class Player {
  readonly #response: ServerResponse;
  readonly #transmission: Transmission;
  readonly #context: PlayerContext;
  #index = 0;
  #due: number;
  #room: number;
  #closed = false;
  #cut = false;
  #cancelTimer: () => void = () => {};

  constructor(response: ServerResponse, transmission: Transmission, context: PlayerContext) {
    this.#response = response;
    this.#transmission = transmission;
    this.#context = context;
    this.#due = context.clock.now();
    this.#room = transmission.cutAfterBytes ?? Infinity;
  }

  start(): void {
    const { ending, headers, status } = this.#transmission;
    this.#response.on('close', () => this.#close());
    if (ending === 'drop') return this.#break();
    if (ending === 'hang') return;
    this.#response.writeHead(status, headers);
    this.#response.flushHeaders();
    this.#schedule();
  }

  /** Sends all steps that are due and arms the timer for the next. */
  #schedule(): void {
    for (;;) {
      const step = this.#transmission.steps[this.#index];
      if (step === undefined) return this.#finish();
      if (step.until !== undefined) return this.#await(step, step.until);
      this.#due += step.waitMs;
      const wait = this.#due - this.#context.clock.now();
      if (step.waitMs > 0 && wait > toleranceMs) return this.#later(step, wait);
      if (!this.#send(step)) return;
    }
  }

  #later(step: Step, wait: number): void {
    this.#cancelTimer = this.#context.clock.after(Math.max(1, Math.round(wait)), () => this.#resume(step));
  }

  #await(step: Step, until: Promise<void>): void {
    const resume = (): void => {
      if (this.#closed) return;
      this.#due = this.#context.clock.now();
      this.#resume(step);
    };
    until.then(resume, resume);
  }

  #resume(step: Step): void {
    if (!this.#closed && this.#send(step)) this.#schedule();
  }

  /** Sends one step, or as much of it as the cut allows. Whether there is more to do. */
  #send(step: Step): boolean {
    this.#index += 1;
    const data = this.#dataOf(step);
    if (data.length === 0) return true;
    if (this.#room === Infinity) {
      this.#response.write(data);
      return true;
    }
    const bytes = Buffer.from(data);
    if (bytes.length < this.#room) {
      this.#room -= bytes.length;
      this.#response.write(bytes);
      return true;
    }
    const last = bytes.subarray(0, this.#room);
    if (last.length === 0) this.#break();
    else this.#response.write(last, () => this.#break());
    return false;
  }

  #dataOf({ data }: Step): string | Uint8Array {
    return typeof data === 'string' || data instanceof Uint8Array ? data : data.join(this.#transmission.id);
  }

  #finish(): void {
    this.#response.end();
  }

  #break(): void {
    this.#cut = true;
    this.#response.socket?.destroy();
  }

  #close(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#transmission.release?.(this.#response);
    if (this.#cut) this.#context.ended('cut');
    else this.#context.ended(this.#response.writableFinished ? 'answered' : 'aborted');
  }
}
