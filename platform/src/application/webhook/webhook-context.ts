import type { Clock } from '../../port/clock.ts';
import type { Ids } from '../../port/ids.ts';
import type { JobQueue } from '../../port/job-queue.ts';
import type { Log } from '../../port/log.ts';
import type { SecretSealer } from '../../port/secret-store.ts';
import type { WebhookSender } from '../../port/webhook-sender.ts';
import type { WebhookStore } from '../../port/webhook-store.ts';

/** Settings of webhooks, from the configuration. */
export interface WebhookSettings {
  /** After so long without an answer an attempt has failed. */
  timeoutMs: number;
}

/** What the use cases of webhooks are made of. */
export interface WebhookContext {
  webhooks: WebhookStore;
  /** Encrypts what messages are signed with. */
  vault: SecretSealer;
  sender: WebhookSender;
  jobs: JobQueue | null;
  clock: Clock;
  ids: Ids;
  log: Log;
  randomBytes: (count: number) => Uint8Array;
  /** From 0 to 1: spreads retries. */
  random: () => number;
  settings: WebhookSettings;
}

/** One webhook. */
export interface WebhookTarget {
  tenantId: string;
  id: string;
}
