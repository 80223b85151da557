import { destination, pino } from 'pino';
import type { Log, LogFields } from '../../port/log.ts';
import { readableLine } from './readable-line.ts';
import { makeRedactor } from './redact.ts';
import { Repeats } from './repeats.ts';

export interface PinoLogOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `json`: one object a line, for machines; `readable`: one line of text, for people. */
  format: 'json' | 'readable';
  /** Takes secrets out of a text. */
  redactText: (text: string) => string;
  /** Where lines go instead of the standard output. */
  write?: (line: string) => void;
}

/** A log that can be emptied before the process ends. */
export interface PinoLog extends Log {
  /** Writes what is still held, at once. */
  flush(): void;
}

/** A log written by pino, without waiting for the disk or terminal. Warnings and errors that only repeat themselves are counted. */
export function makePinoLog(options: PinoLogOptions): PinoLog {
  const output =
    options.write === undefined ? standardOutput() : { write: options.write, flush: () => undefined };
  const writeLine =
    options.format === 'json' ? output.write : (json: string) => output.write(readableLine(json));
  const logger = pino({ level: options.level, base: null }, { write: writeLine });
  const redact = makeRedactor(options.redactText);

  function line(level: 'debug' | 'info' | 'warn' | 'error') {
    return (message: string, fields?: LogFields): void => {
      if (!logger.isLevelEnabled(level)) return;
      try {
        logger[level](redact(fields ?? {}), String(redact(message)));
      } catch (error) {
        logger.error({ reason: String(error) }, 'a log line could not be written');
      }
    };
  }

  const repeats = new Repeats(() => performance.now());
  function failure(level: 'warn' | 'error') {
    const write = line(level);
    return (message: string, fields: LogFields = {}): void => {
      const verdict = repeats.judge(message, fields);
      if (!verdict.isWritten) return;
      write(message, verdict.keptBack === 0 ? fields : { ...fields, repeated: verdict.keptBack });
    };
  }

  return {
    debug: line('debug'),
    info: line('info'),
    warn: failure('warn'),
    error: failure('error'),
    flush: output.flush,
  };
}

function standardOutput(): { write: (line: string) => void; flush: () => void } {
  const stream = destination({ fd: 1, sync: false, minLength: 0 });
  // A closed pipe must not end the process.
  stream.on('error', () => undefined);
  return {
    write: (line) => void stream.write(line),
    flush: () => {
      try {
        stream.flushSync();
      } catch {
        // The stream is not open yet or no longer: nothing can be written.
      }
    },
  };
}
