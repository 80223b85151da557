import type { PlatformModule } from '@batuta/platform';
import type { Client, ClientTarget } from './connection/client.ts';
import type { Io } from './terminal/io.ts';
import type { Style } from './terminal/style.ts';
import type { Translate } from './text/language.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  project?: string;
  url?: string;
  key?: string;
  json?: boolean;
  color: boolean;
}

/** What every command gets: its surroundings, the global options, its language. */
export interface CommandContext {
  io: Io;
  options: GlobalOptions;
  say: Translate;
  /** Colours of standard output. */
  style: Style;
  /** Colours of standard error. */
  errorStyle: Style;
  /** Absolute path of the project folder. */
  projectFolder: string;
  /** Loads the server. Only for commands that start one or look at its files and database. */
  loadPlatform(): Promise<PlatformModule>;
  /** Reads the project's configuration without loading the server. */
  inspectConfiguration: PlatformModule['inspectConfiguration'];
  makeClient(target: ClientTarget): Promise<Client>;
}

/** Exit codes of all commands. `docs/guide/command-line.md` lists them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** `migrate --check`: migrations are pending. */
  pending: 2,
  /** `run`: the work goes on, or waits for a person. */
  unfinished: 3,
  /** The command was typed wrongly. */
  usage: 64,
  interrupted: 130,
} as const;
