/** Structured log. Contract: never throws, never blocks; secrets are removed by the adapter. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** What a log line carries besides its message: snake_case names, as everywhere on the wire. */
export type LogFields = Readonly<Record<string, unknown>>;
