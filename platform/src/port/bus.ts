/** What processes tell each other. Nothing depends on a message arriving: it only makes things happen sooner. */
export type BusMessage =
  /** A run can be claimed. */
  | { kind: 'run-queued'; runId: string }
  /** A signal was left for a run. */
  | { kind: 'run-signalled'; runId: string }
  /** Keys, users or the state of a tenant were changed: who may enter must be looked up again. */
  | { kind: 'access-changed'; tenantId: string }
  /** A background job of this name can be taken. */
  | { kind: 'job-queued'; name: string }
  /** A session's log has grown to `seq`. */
  | { kind: 'session-advanced'; sessionId: string; seq: number }
  /** A process has a client that follows this session: send its deltas for a while. */
  | { kind: 'session-wanted'; sessionId: string }
  /** Text of the unfinished message that follows event `afterSeq`, from `offset` (UTF-16 code units) on. */
  | {
      kind: 'message-text';
      sessionId: string;
      afterSeq: number;
      messageId: string;
      offset: number;
      text: string;
    }
  /** The unfinished message was given up. */
  | { kind: 'message-reset'; sessionId: string; afterSeq: number; messageId: string };

/** Fan-out between the processes of one platform. */
export interface Bus {
  /** False when this process is alone: publishing then reaches nobody else. */
  readonly remote: boolean;
  /** Largest text in UTF-8 bytes that one `message-text` may carry. */
  readonly maxTextBytes: number;
  /** Sends to all other processes. Contract: returns at once, never throws, may lose messages while disconnected, batches what it can. */
  publish(message: BusMessage): void;
  /** Messages of other processes, in the order each sent them. Returns the way to stop. */
  subscribe(handler: (message: BusMessage) => void): () => void;
  /** Called after the connection was lost and is back: whoever follows something must look again. */
  onReconnect(handler: () => void): () => void;
  close(): Promise<void>;
}
