import type { TerminalEnded, TerminalEndReason } from '@batuta/contract';
import type { SandboxKind, TerminalSize } from '../../port/sandbox.ts';
import type { Identity } from '../access/identity.ts';

/** Who sits at a terminal: one connection. Contract of all: returns at once, does not throw. */
export interface TerminalViewer {
  shown(piece: Uint8Array): void;
  /** Ends when the viewer can take more; undefined: it can. */
  drained(): Promise<void> | undefined;
  ended(end: Omit<TerminalEnded, 'type'>): void;
  /** Another connection has taken the terminal up. */
  replaced(): void;
}

/** A terminal as a connection has it. */
export interface AttachedTerminal {
  id: string;
  sandbox: SandboxKind;
  isResumed: boolean;
  graceSeconds: number;
  /** Shows what comes from now on; gives what was shown before. */
  begin(): Uint8Array;
  /** Types. Ends when there is room for more, or what was typed is given up. Contract: never rejects. */
  type(input: Uint8Array): Promise<void>;
  resize(size: TerminalSize): void;
  /** Ends the terminal. */
  close(reason: TerminalEndReason): void;
  /** The connection is gone: the terminal waits a while for another one. */
  leave(): void;
}

/** Sits down at the terminal that was admitted. Errors: `terminals-full`, `workspace-elsewhere`, `sandbox-unavailable`, `workspace-full`. */
export type AttachTerminal = (viewer: TerminalViewer, size: TerminalSize) => Promise<AttachedTerminal>;

/** Which terminal somebody wants. */
export interface TerminalOrder {
  sessionId: string;
  /** The one that is taken up again; absent: a new one. */
  terminalId?: string | undefined;
}

/** Terminals as doors have them. */
export interface TerminalDoor {
  /**
   * Whether somebody may sit at a terminal of a session. Errors: `sandbox-off`, `session-unknown`, `terminal-unconfined`, `terminal-unknown`,
   * `terminals-full`.
   */
  admit(identity: Identity, order: TerminalOrder): Promise<AttachTerminal>;
}
