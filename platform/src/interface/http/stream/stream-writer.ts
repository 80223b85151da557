/** How text goes to the client. Two exist: the raw response of Node.js, and the web stream of every other runtime. */
export interface StreamWriter {
  write(text: string): void;
  /** Bytes written that the network has not taken yet. */
  readonly pending: number;
  /** Ends the stream after everything written has gone. */
  end(): void;
  /** Ends it at once. */
  destroy(): void;
}

/** What a writer tells its stream. Contract: `writerDrained` after `pending` has fallen to nearly nothing, `writerClosed` at least once, at the end. */
export interface StreamWriterEvents {
  writerDrained(): void;
  writerClosed(): void;
}
