import type { Clock } from '../../port/clock.ts';
import type { JobQueue } from '../../port/job-queue.ts';
import type { Log } from '../../port/log.ts';
import { enqueueDelivery } from './webhook-jobs.ts';

/** Commits of this long share one job for each webhook. */
const gatherMs = 20;

/**
 * Turns word of filled outboxes into jobs, away from the commits that filled them. One job stands for all deliveries of a webhook, so that
 * a burst of commits is few jobs. What is lost here is found by the next sweep.
 */
export class Announcer {
  readonly #jobs: JobQueue;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Tenants by the id of the webhook. */
  #waiting = new Map<string, string>();
  #isGathering = false;

  constructor(parts: { jobs: JobQueue; clock: Clock; log: Log }) {
    this.#jobs = parts.jobs;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  announced(tenantId: string, webhookIds: readonly string[]): void {
    for (const id of webhookIds) this.#waiting.set(id, tenantId);
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#clock.after(gatherMs, () => void this.#enqueue());
  }

  async #enqueue(): Promise<void> {
    const gathered = this.#waiting;
    this.#waiting = new Map();
    this.#isGathering = false;
    for (const [id, tenantId] of gathered) {
      await enqueueDelivery(this.#jobs, { tenantId, id }).catch((error: unknown) => {
        this.#log.warn('a webhook waits for the next sweep', { webhook_id: id, error });
      });
    }
  }
}
