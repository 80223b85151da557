import { PassThrough } from 'node:stream';
import type { Io } from '../../src/terminal/io.ts';

/** Streams that a test types into and reads from. */
export interface TestTerminal {
  io: Io;
  /** Everything that was written so far. */
  output(): string;
  error(): string;
  type(text: string): void;
  endInput(): void;
  interrupt(signal?: 'SIGINT' | 'SIGTERM'): void;
  /** Waits until standard output has this text, so many times. */
  outputHas(text: string, times?: number): Promise<void>;
  errorHas(text: string): Promise<void>;
}

interface TerminalSettings {
  terminal?: boolean;
  environment?: Record<string, string | undefined>;
  folder?: string;
  columns?: number;
}

/** Makes surroundings for one command: a pipe, or a terminal of 80 columns. */
export function testTerminal(settings: TerminalSettings = {}): TestTerminal {
  const input = makeStream(settings);
  const output = recorded(makeStream(settings));
  const error = recorded(makeStream(settings));
  const listeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  const io: Io = {
    input,
    output: output.stream,
    error: error.stream,
    environment: { LANG: 'en_US.UTF-8', ...settings.environment },
    folder: settings.folder ?? '/project',
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    now: () => 0,
  };
  return {
    io,
    output: output.text,
    error: error.text,
    type: (text) => void input.write(text),
    endInput: () => void input.end(),
    interrupt: (signal = 'SIGINT') => {
      for (const listener of listeners) listener(signal);
    },
    outputHas: output.has,
    errorHas: error.has,
  };
}

function makeStream({ terminal, columns }: TerminalSettings) {
  const stream: PassThrough & { isTTY?: boolean; columns?: number; rows?: number } = new PassThrough();
  if (terminal) Object.assign(stream, { isTTY: true, columns: columns ?? 80, rows: 24 });
  return stream;
}

function recorded(stream: ReturnType<typeof makeStream>) {
  let text = '';
  const waiting = new Set<() => void>();
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
    for (const look of waiting) look();
  });
  const has = (wanted: string, times = 1): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (text.split(wanted).length <= times) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { stream, text: () => text, has };
}
