import type { Lease } from '../../port/run-record.ts';

/** Longer than any transaction can still be under way after its connection broke. */
const suspicionMs = 120_000;

/**
 * The leases that a store gave out, to find those that it never could.
 *
 * A claim whose connection breaks may have taken place: its runs are then held by a worker that does not know of them, and
 * no one else may take them while it lives. After such a break, and only then, a heartbeat looks for leases that were
 * never given out, so that they can be given back.
 */
export class HeldLeases {
  readonly #givenOut = new Map<string, { epoch: number; heartbeat: number }>();
  #heartbeats = 0;
  #underWay = 0;
  #suspectUntil = 0;

  /** Runs work that takes leases, and remembers those that it gives. `isUnknown` tells whether a failure may have taken some. */
  async watch<Result>(
    work: () => Promise<{ result: Result; leases: readonly Lease[] }>,
    isUnknown: (error: unknown) => boolean,
  ): Promise<Result> {
    this.#underWay += 1;
    try {
      const { result, leases } = await work();
      for (const { runId, epoch } of leases) {
        this.#givenOut.set(runId, { epoch, heartbeat: this.#heartbeats });
      }
      return result;
    } catch (error) {
      if (isUnknown(error)) this.#suspectUntil = performance.now() + suspicionMs;
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Called before a heartbeat asks what is held; the result is called with the answer and gives what was never given out. */
  beginHeartbeat(): (held: readonly { id: string; lease_epoch: number }[]) => Set<string> {
    const isQuiet = this.#underWay === 0;
    const before = this.#heartbeats;
    this.#heartbeats += 1;
    return (held) => {
      const present = new Set(held.map((run) => run.id));
      for (const [runId, given] of this.#givenOut) {
        if (given.heartbeat <= before && !present.has(runId)) this.#givenOut.delete(runId);
      }
      if (!isQuiet || this.#underWay > 0 || performance.now() > this.#suspectUntil) return new Set();
      const unknown = held.filter((run) => this.#givenOut.get(run.id)?.epoch !== run.lease_epoch);
      return new Set(unknown.map((run) => run.id));
    };
  }
}
