import type { Job, JobHandler, JobOptions } from '../../src/port/job-queue.ts';

/** Options of jobs in tests: quick, tried again once. */
export const quickJob: JobOptions = {
  concurrency: 2,
  timeoutSeconds: 30,
  retries: 1,
  retrySeconds: 1,
  policy: 'any',
};

/** Remembers the jobs that a handler gets, and lets a test wait for them and hold them. */
export class JobRecorder {
  readonly seen: Job[] = [];
  /** Jobs in hand at this moment, and the most there ever were of one key. */
  readonly active = new Map<string, number>();
  mostOfOneKey = 0;
  #listeners = new Set<() => void>();

  /** A handler that does `work` between the beginning and the end of a job. */
  handler(work: (job: Job) => Promise<void> = async () => undefined): JobHandler {
    return async (job) => {
      const key = JSON.stringify(job.data['key'] ?? null);
      this.#change(key, 1);
      this.seen.push(job);
      for (const listener of this.#listeners) listener();
      try {
        await work(job);
      } finally {
        this.#change(key, -1);
      }
    };
  }

  /** Ends when so many jobs that fit have begun. */
  async begun(count: number, fits: (job: Job) => boolean = () => true): Promise<Job[]> {
    for (;;) {
      const found = this.seen.filter(fits);
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => {
        const listener = () => resolve(void this.#listeners.delete(listener));
        this.#listeners.add(listener);
      });
    }
  }

  #change(key: string, by: number): void {
    const now = (this.active.get(key) ?? 0) + by;
    this.active.set(key, now);
    this.mostOfOneKey = Math.max(this.mostOfOneKey, now);
  }
}
