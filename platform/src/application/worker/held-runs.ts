import type { HeartbeatAnswer } from '../../port/run-store.ts';
import type { HeldRun } from '../turn/held-run.ts';

/** What a comparison of the leases in the store with the runs in hand has shown. */
export interface LeaseComparison {
  /** In hand, and leased to someone else by now. */
  lost: HeldRun[];
  /** Signals wait for them. */
  signalled: string[];
  /** Leased to this worker, and not in hand at two heartbeats in a row: nobody works on them. */
  forgotten: { runId: string; epoch: number }[];
}

/**
 * The runs that a worker works on. A run is in hand from before its lease can be seen by others until nothing of it is under way in this
 * process.
 *
 * A lease without a run in hand comes about when an answer of the database is lost (a claim, an accepted run), or when leases expired
 * without anyone taking them over. Heartbeats would keep it valid for ever, so it is found here and given back.
 */
export class HeldRuns {
  readonly #held = new Map<string, { run: HeldRun; since: number }>();
  readonly #byTenant = new Map<string, number>();
  #unknown = new Map<string, number>();

  get size(): number {
    return this.#held.size;
  }

  get(runId: string): HeldRun | undefined {
    return this.#held.get(runId)?.run;
  }

  /** Tenants that have runs in hand here. */
  get tenants(): number {
    return this.#byTenant.size;
  }

  /** How many runs of a tenant are in hand. */
  countOf(tenantId: string): number {
    return this.#byTenant.get(tenantId) ?? 0;
  }

  all(): HeldRun[] {
    return [...this.#held.values()].map(({ run }) => run);
  }

  /** `since`: on the clock that dates heartbeats. */
  add(run: HeldRun, since: number): void {
    const { runId, tenantId } = run.lease;
    if (!this.#held.has(runId)) this.#count(tenantId, 1);
    this.#held.set(runId, { run, since });
  }

  /** A run may have been taken up anew here before the former hold on it was through: that one stays. */
  remove(run: HeldRun): void {
    const { runId, tenantId } = run.lease;
    if (this.get(runId) !== run) return;
    this.#held.delete(runId);
    this.#count(tenantId, -1);
  }

  #count(tenantId: string, change: number): void {
    const count = this.countOf(tenantId) + change;
    if (count > 0) this.#byTenant.set(tenantId, count);
    else this.#byTenant.delete(tenantId);
  }

  /** `sentAt`: when the heartbeat was sent. What was taken since then may not be in its answer. */
  compare(leases: HeartbeatAnswer['held'], sentAt: number): LeaseComparison {
    const leased = new Map(leases.map((lease) => [lease.runId, lease]));
    const lost = [...this.#held.values()].filter(
      ({ run, since }) => since < sentAt && leased.get(run.lease.runId)?.epoch !== run.lease.epoch,
    );
    const unknown = leases.filter((lease) => !this.#held.has(lease.runId));
    const forgotten = unknown.filter(({ runId, epoch }) => this.#unknown.get(runId) === epoch);
    this.#unknown = new Map(unknown.map(({ runId, epoch }) => [runId, epoch]));
    return {
      lost: lost.map(({ run }) => run),
      signalled: leases.filter((lease) => lease.signalsPending && this.#held.has(lease.runId)).map(idOf),
      forgotten: forgotten.map(({ runId, epoch }) => ({ runId, epoch })),
    };
  }
}

function idOf({ runId }: { runId: string }): string {
  return runId;
}
