import type { ToolContext } from './tool.ts';

/**
 * Places where commands of agents run. Whatever the command, it sees a workspace (a folder of one session), a few programs, and
 * nothing else of the machine; what it may use up is limited.
 */

/** What a command finds: an interpreter of Python, one of JavaScript, or the usual programs of a shell. */
export const sandboxTemplates = ['python', 'node', 'general'] as const;

/** Name of a template. */
export type SandboxTemplate = (typeof sandboxTemplates)[number];

/** How commands are kept in: bubblewrap, a container, or not at all. */
export type SandboxKind = 'bubblewrap' | 'container' | 'none';

/** What commands may use. */
export interface SandboxLimits {
  /** Seconds that a command may take. */
  seconds: number;
  /** Memory of a command with all that it starts, files in `/tmp` included. */
  memoryBytes: number;
  /** Processes and threads at one time. */
  processes: number;
  /** Processors, also parts of one. */
  cpus: number;
  /** What a command may write to its standard output and error together. */
  outputBytes: number;
  /** All files of the workspace together. */
  workspaceBytes: number;
  /** Number of files and folders of the workspace. */
  workspaceFiles: number;
  /** Files in `/tmp`, which last as long as the command. */
  temporaryBytes: number;
}

/** What ended a command before its time, or kept it from what it wanted. */
export type SandboxLimit = 'time' | 'memory' | 'processes' | 'output' | 'disk' | 'cancelled';

/** Which hosts commands may reach; empty: there is no network at all. */
export interface SandboxNetwork {
  /** Host names, with a port where it is not 443 or 80, or `*.example.com`. */
  allowedHosts: readonly string[];
  /** Asked besides, before each connection. Contract: throws to refuse. */
  mayReach?: ToolContext['mayReach'];
}

/** What is opened: a workspace with programs and limits. */
export interface SandboxOptions {
  /** The folder of the workspace on this machine. It exists, and nobody else may enter it. */
  folder: string;
  template: SandboxTemplate;
  limits: SandboxLimits;
  network: SandboxNetwork;
}

/** A command: a program with its arguments, never a text that a shell would take apart. */
export interface SandboxCommand {
  program: string;
  arguments: readonly string[];
  /** What it reads from its standard input; absent: nothing. */
  input?: string | Uint8Array;
  /** Folder to start in, relative to the workspace. */
  directory?: string;
  /** Variables besides those of the template. */
  environment?: Readonly<Record<string, string>>;
  /** Seconds that it may take, if less than the limit. */
  seconds?: number;
  /** Its standard input stays open, for a process that is written to. */
  isInteractive?: boolean;
}

/** Where a piece of output was written. */
export type OutputStream = 'stdout' | 'stderr';

/** How a command is followed. */
export interface CommandFollower {
  /** Called with each piece of output as it comes. Contract: does not throw. */
  output?(piece: Uint8Array, stream: OutputStream): void;
  /** Aborts the command: it is killed with all that it has started. */
  signal?: AbortSignal;
}

/** How a command ended. */
export interface CommandEnd {
  /** Null when a signal ended it. */
  exitCode: number | null;
  /** The signal that ended it, such as `SIGKILL`. */
  signal: string | null;
  /** The limit that it reached; null when none did. `processes` and `memory` may be reached without ending it. */
  limit: SandboxLimit | null;
  /** Connections that it was not let make, and why; absent when there were none. */
  refused?: readonly string[];
  /** What kept it from starting at all; absent when it has started. */
  problem?: string;
  durationMs: number;
}

/** A command that goes on while others run. */
export interface SandboxProcess {
  /** Ends when it has ended. Contract: never rejects. */
  readonly ended: Promise<CommandEnd>;
  /** Writes to its standard input. */
  write(input: string | Uint8Array): void;
  /** Kills it with all that it has started, and waits for that. */
  stop(): Promise<CommandEnd>;
}

/** How large a terminal is, in characters. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** A command with a terminal, as a person sits at one. */
export interface SandboxTerminal {
  /** Ends when it has ended. Contract: never rejects. */
  readonly ended: Promise<CommandEnd>;
  /** Types. Ends when there is room for more: what a program does not read waits. Contract: never rejects. */
  type(input: Uint8Array): Promise<void>;
  resize(size: TerminalSize): void;
  /** Takes no more output until `resume`: the program waits when it writes. */
  pause(): void;
  resume(): void;
  /** Kills it with all that it has started, and waits for that. */
  stop(): Promise<CommandEnd>;
}

/** A file or folder of a workspace. */
export interface WorkspaceEntry {
  /** Relative to the workspace, with `/` between its parts. */
  path: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  bytes: number;
  modifiedAt: number;
}

/** The entries of a folder and below, in the order of their paths. */
export interface WorkspaceList {
  entries: WorkspaceEntry[];
  /** There are more. */
  isCut: boolean;
}

/** What a workspace holds. */
export interface WorkspaceSize {
  bytes: number;
  files: number;
}

/**
 * The files of a workspace, reached from outside of it. Paths are relative to it. No symbolic link is followed, whoever plants it and
 * whenever. Errors of all: `workspace-path-refused` (leaves the workspace, leads over a link, is not a file), `workspace-file-unknown`.
 */
export interface WorkspaceFiles {
  /** At most `length` bytes from `offset`, and how many there are in all. */
  read(
    path: string,
    range: { offset: number; length: number },
  ): Promise<{ content: Uint8Array; bytes: number }>;
  /** Replaces the file at once, or makes it with the folders above it. Errors: `workspace-full`. */
  write(path: string, content: Uint8Array): Promise<void>;
  list(path: string, options: { depth: number; limit: number }): Promise<WorkspaceList>;
  remove(path: string): Promise<void>;
  size(): Promise<WorkspaceSize>;
}

/** An opened workspace. */
export interface Sandbox {
  readonly files: WorkspaceFiles;
  /** Runs a command to its end. Errors: `sandbox-unavailable`, `workspace-full`; that a command fails is not an error. */
  run(command: SandboxCommand, follower?: CommandFollower): Promise<CommandEnd>;
  /** Starts a command that goes on. Its limit of time is its own, too. Errors: as `run`. */
  start(command: SandboxCommand, follower?: CommandFollower): Promise<SandboxProcess>;
  /**
   * Starts a command that sits at a terminal of its own, behind the same walls as every other. Its output comes as from one stream and is
   * not limited, its time by `command.seconds` alone. Errors: as `run`.
   */
  terminal(
    command: SandboxCommand & { seconds: number },
    size: TerminalSize,
    follower?: CommandFollower,
  ): Promise<SandboxTerminal>;
  /** Copies all files into a folder on this machine, in place of what is there. Errors: `workspace-full`. */
  snapshot(folder: string): Promise<WorkspaceSize>;
  /** Replaces all files by those of a snapshot. No command may run meanwhile. Errors: `snapshot-unknown`. */
  restore(folder: string): Promise<void>;
  /** Ends what was started and removes all files. */
  destroy(): Promise<void>;
}

/** What a machine lacks for sandboxes, and how that is mended; `isNeeded`: nothing works without it. */
export interface SandboxFinding {
  message: string;
  mend: string;
  isNeeded: boolean;
}

/** Opens workspaces in one way. */
export interface SandboxProvider {
  readonly kind: SandboxKind;
  /** Commands can change nothing but their workspace, and reach nothing but the hosts that are allowed. */
  readonly confines: boolean;
  /** What is missing on this machine; empty when all is well. */
  check(): Promise<SandboxFinding[]>;
  /** Opens a workspace. Costs nothing until a command runs. */
  open(options: SandboxOptions): Sandbox;
  /** Ends what is still running. */
  close(): Promise<void>;
}
