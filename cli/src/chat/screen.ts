/** Where a conversation is shown. Every text that it is given must be harmless (`safeText`). */
export interface Screen {
  /** A piece of an answer, as it comes. */
  answer(piece: string): void;
  /** The answer's message is complete. */
  endAnswer(): void;
  /** The unfinished answer was given up and starts again. */
  dropAnswer(): void;
  /** The whole last answer of a run, once. */
  result(text: string): void;
  /** A remark about what happens; less important than the answer. */
  notice(line: string): void;
  /** Something that a person must read: a question, an error. */
  important(line: string): void;
  /** What is being done now; the next output takes its place. */
  status(line: string): void;
}
