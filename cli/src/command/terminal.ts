import { setTimeout as pause } from 'node:timers/promises';
import type { TerminalEnded } from '@batuta/contract';
import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import type { Client, TerminalSeat } from '../connection/client.ts';
import { codeOf } from '../failure.ts';
import type { Io } from '../terminal/io.ts';

const retryMs = 500;
const endOfInput = '\u0004';
/** Puts back what a program may have left switched: the other screen, pasting and mouse in brackets, the cursor, colours. */
const settled = '\u001b[?1049l\u001b[?2004l\u001b[?1000l\u001b[?1002l\u001b[?1006l\u001b[?25h\u001b[0m';

/**
 * `batuta terminal <session>`: this terminal becomes one in the sandbox of a session, key by key. Ends with the exit code of the shell there.
 * A connection that breaks off is taken up again while the other end waits for it.
 */
export async function sitAtTerminal(context: CommandContext, session: string): Promise<number> {
  return await withClient(context, async (client) => {
    const seating = new Seating(context, client, session);
    try {
      return await seating.sit();
    } finally {
      seating.leave();
    }
  });
}

class Seating {
  readonly #context: CommandContext;
  readonly #client: Client;
  readonly #session: string;
  readonly #interrupted = new AbortController();
  readonly #undo: (() => void)[] = [];
  #seat: TerminalSeat | undefined;

  constructor(context: CommandContext, client: Client, session: string) {
    this.#context = context;
    this.#client = client;
    this.#session = session;
  }

  async sit(): Promise<number> {
    this.#seat = await this.#open();
    this.#takeOver();
    for (;;) {
      const ended = await this.#ended(this.#seat);
      if (ended !== null) return this.#tell(ended);
      const { opened } = this.#seat;
      if (this.#interrupted.signal.aborted) return exitCodes.interrupted;
      this.#seat = undefined;
      this.#write(this.#context.say('terminal.again'));
      const again = await this.#comeBack(opened);
      if (typeof again === 'number') return again;
      this.#seat = again;
    }
  }

  /** Puts everything back as it was. */
  leave(): void {
    for (const undo of this.#undo.toReversed()) undo();
    this.#seat?.leave();
  }

  #open(terminal?: string): Promise<TerminalSeat> {
    const { output } = this.#context.io;
    const options = { ...sizeOf(this.#context.io), shown: (piece: Uint8Array) => void output.write(piece) };
    return this.#client.openTerminal(
      this.#session,
      terminal === undefined ? options : { ...options, terminal },
    );
  }

  async #comeBack({ terminal, grace_seconds }: TerminalSeat['opened']): Promise<TerminalSeat | number> {
    const { io, say } = this.#context;
    const until = io.now() + grace_seconds * 1000;
    const { signal } = this.#interrupted;
    do {
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return exitCodes.interrupted;
      try {
        return await this.#open(terminal);
      } catch (error) {
        if (codeOf(error) !== 'server-unreachable') return this.#give(say('terminal.gone'));
      }
    } while (io.now() < until);
    return this.#give(say('terminal.gone'));
  }

  async #ended(seat: TerminalSeat): Promise<TerminalEnded | null> {
    const interrupted = new Promise<null>((resolve) => {
      this.#interrupted.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    return await Promise.race([seat.ended, interrupted]);
  }

  #tell({ reason, exit_code, limit }: TerminalEnded): number {
    if (reason === 'exited') return exit_code ?? exitCodes.failed;
    const { say } = this.#context;
    return this.#give(
      reason === 'limit' ? say('terminal.limit', { limit: limit ?? '' }) : say(`terminal.${reason}`),
    );
  }

  #give(message: string): number {
    this.#write(message);
    return exitCodes.failed;
  }

  #write(message: string): void {
    this.#context.io.error.write(`\r\n${message}\r\n`);
  }

  /** Every key goes to the other end, also Ctrl-C; only while the connection is broken off it gives up. */
  #takeOver(): void {
    const { io } = this.#context;
    const { input, output } = io;
    const type = (chunk: Buffer | string): void => {
      if (this.#seat) this.#seat.type(chunk);
      else if (chunk.includes('\u0003')) this.#interrupted.abort();
    };
    const finish = (): void => this.#seat?.type(endOfInput);
    const resize = (): void => {
      const { columns, rows } = sizeOf(io);
      this.#seat?.resize(columns, rows);
    };
    setRaw(input, true);
    input.on('data', type).on('end', finish);
    output.on('resize', resize);
    this.#undo.push(
      () => void input.off('data', type).off('end', finish).pause(),
      () => void output.off('resize', resize),
      () => setRaw(input, false),
      () => void (output.isTTY && output.write(settled)),
      io.onInterrupt(() => this.#interrupted.abort()),
    );
  }
}

function sizeOf({ output }: Io): { columns: number; rows: number } {
  // Some terminals do not know how large they are, and say 0.
  const { columns = 0, rows = 0 } = output;
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

function setRaw(input: Io['input'], isRaw: boolean): void {
  if (input.isTTY && 'setRawMode' in input && typeof input.setRawMode === 'function') input.setRawMode(isRaw);
}
