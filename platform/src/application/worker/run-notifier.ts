/** Tells workers, in this process and in others, that there is something to do. Contract: returns at once, never throws. */
export interface RunNotifier {
  /** A run can be claimed. */
  queued(runId: string): void;
  /** A signal was left for a run. */
  signalled(runId: string): void;
  /** A commit has filled the outbox of these webhooks. */
  announced(tenantId: string, webhookIds: readonly string[]): void;
}
