/** One server-sent event, ready to be written. */
export interface Frame {
  /** The cursor after this frame (`formatCursor` of the contract). */
  id: string;
  /** An event kind, `text-delta` or `message-reset`. */
  event: string;
  /** JSON on one line. */
  data: string;
}

/** Where a stream goes. Contract: methods return at once and never throw. */
export interface FrameSink {
  write(frame: Frame): void;
  /**
   * Undefined while more can be written. Otherwise ends when it can, or when the client is gone: a replay of stored events
   * waits for it between pages, so that a long log does not fill the memory. Contract: never rejects.
   */
  drained?(): Promise<void> | undefined;
  /** The followed run has ended, or the server is stopping: no frame follows. `retry`: the client shall connect again. */
  end(end: { retry: boolean }): void;
}

/** What to follow, and from where. */
export interface StreamTarget {
  sessionId?: string;
  /** Only this run's events, from its first on; the stream ends with the run. */
  runId?: string;
  /** The caller has just accepted this run in this new session: nothing needs to be looked up. */
  isNew?: boolean;
  /** Cursor of the last frame that the client has; absent: from the start. */
  after?: string;
}
