import type { Log, LogFields } from '../../src/port/log.ts';

/** Keeps what is logged. */
export class KeptLog implements Log {
  readonly lines: { message: string; fields: LogFields }[] = [];

  debug(): void {}

  info(message: string, fields: LogFields = {}): void {
    this.lines.push({ message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.lines.push({ message, fields });
  }

  error(message: string, fields: LogFields = {}): void {
    this.lines.push({ message, fields });
  }
}
