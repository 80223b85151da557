import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export interface TerminalInfo {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** The surroundings of one command: everything that it may read, write, or be told. Tests pass their own. */
export interface Io {
  input: Readable & TerminalInfo;
  output: Writable & TerminalInfo;
  error: Writable & TerminalInfo;
  environment: Readonly<Record<string, string | undefined>>;
  /** The folder in which the command was typed. */
  folder: string;
  /** Calls the listener at each SIGINT or SIGTERM, until the function that this returns is called. */
  onInterrupt(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Writes a line, and waits when the reader is slow. A reader that has gone (`| head`) is no failure. */
export async function writeText(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.write(text)) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle).off('close', settle).off('error', settle);
      resolve();
    };
    stream.on('drain', settle).on('close', settle).on('error', settle);
  });
}
