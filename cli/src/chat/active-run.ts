import type { ApprovalDecision } from '@batuta/contract';
import type { ApprovalDialog } from './approval-dialog.ts';
import type { RunView } from './run-view.ts';

/** A run that a conversation follows. */
export class ActiveRun {
  readonly id: string;
  readonly view: RunView;
  /** Fires when the conversation no longer follows it. */
  readonly leave = new AbortController();
  cancelling = false;
  /** The decision that a person is making. */
  dialog: ApprovalDialog | undefined;
  #wanting = Promise.withResolvers<void>();

  constructor(id: string, view: RunView) {
    this.id = id;
    this.view = view;
    this.leave.signal.addEventListener('abort', () => this.#wanting.resolve());
  }

  /** To be called after each item of the stream. True when what the run wants has changed. */
  noteWanted(before: RunView['wanted']): boolean {
    const { wanted } = this.view;
    if (wanted !== undefined) this.#wanting.resolve();
    return wanted !== before;
  }

  /** Waits until the run wants something from a person, or is left. */
  async wanting(): Promise<void> {
    await this.#wanting.promise;
  }

  /** What it wanted was given. */
  satisfied(): void {
    this.view.satisfied();
    if (!this.leave.signal.aborted) this.#wanting = Promise.withResolvers();
  }

  /** What it was given did not reach it. */
  stillWants(wanted: NonNullable<RunView['wanted']>): void {
    this.view.wanted = wanted;
    this.#wanting.resolve();
  }
}

/** Words that mean a decision in any language; single letters are the dialog's, by language. */
const shortDecisions: Readonly<Record<string, ApprovalDecision>> = {
  yes: 'approve',
  si: 'approve',
  sí: 'approve',
  sim: 'approve',
  no: 'deny',
  não: 'deny',
  nao: 'deny',
};

/** The decision that a typed line means, if it is one of those offered. */
export function decisionOf(line: string, offered: readonly ApprovalDecision[]): ApprovalDecision | undefined {
  const word = line.trim().toLowerCase();
  const meant = shortDecisions[word] ?? word;
  return offered.find((decision) => decision === meant);
}

/** The answer that a typed line means: the number of an option, or the line itself. */
export function answerOf(line: string, options: readonly string[]): string {
  const number = /^\d{1,3}$/.test(line.trim()) ? Number(line) : 0;
  return options[number - 1] ?? line;
}
