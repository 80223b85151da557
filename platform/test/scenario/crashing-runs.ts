import { BatutaError } from '@batuta/contract';
import type { RunStore } from '@batuta/platform/ports';

/** When, at a commit, a process is to die: before anything of it is written, or when all of it is. */
export type CrashPoint = 'before' | 'after' | undefined;

/**
 * The store of a process that can die: from then on nothing that it does reaches the store, and its leases expire. What its tools are
 * doing at that moment goes on, as a request that is already on its way would.
 */
export class CrashingRuns {
  #isDead = false;
  #store: RunStore | undefined;
  #workerIds = new Set<string>();
  #commits = 0;
  readonly #crashAt: (commit: number) => CrashPoint;

  constructor(crashAt: (commit: number) => CrashPoint = () => undefined) {
    this.#crashAt = crashAt;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Dies. */
  async crash(): Promise<void> {
    this.#isDead = true;
    for (const id of this.#workerIds) await this.#store?.retire(id);
  }

  /** For `withPlatform({ runs })`. */
  readonly wrap = (store: RunStore): RunStore => {
    this.#store = store;
    return Object.assign(Object.create(store) as RunStore, {
      accept: store.accept.bind(store),
      get: store.get.bind(store),
      definition: store.definition.bind(store),
      list: store.list.bind(store),
      signal: store.signal.bind(store),
      signals: store.signals.bind(store),
      cancelUnstarted: store.cancelUnstarted.bind(store),
      liveChildren: store.liveChildren.bind(store),
      abandon: store.abandon.bind(store),
      retire: store.retire.bind(store),
      retireAllBut: store.retireAllBut.bind(store),
      claim: async (workerId: string, options: { limit: number; runIds?: readonly string[] }) =>
        this.#isDead ? [] : store.claim(workerId, options),
      heartbeat: async (workerId: string, ttlMs: number) => {
        this.#workerIds.add(workerId);
        return this.#isDead ? { held: [] } : store.heartbeat(workerId, ttlMs);
      },
      commit: (commit: Parameters<RunStore['commit']>[0]) => this.#commit(store, commit),
    });
  };

  async #commit(store: RunStore, commit: Parameters<RunStore['commit']>[0]) {
    const gone = new BatutaError('lease-lost', { id: commit.lease.runId });
    const point = this.#crashAt((this.#commits += 1));
    if (point === 'before') await this.crash();
    if (this.#isDead) throw gone;
    const receipt = await store.commit(commit);
    if (point === 'after') await this.crash();
    if (this.#isDead) throw gone;
    return receipt;
  }
}
