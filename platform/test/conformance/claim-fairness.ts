import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClaimedRun, RunStore } from '../../src/port/run-store.ts';
import { end, makeRun, makeTurn, queue, running, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

/** How claims share what there is between tenants. */
export function describeClaimFairness(open: StoreFactory): void {
  describe('fairness of claims', () => {
    const stores = useStores(open);
    const claim = (limit: number) => stores().runs.claim('worker-1', { limit });
    const tenantsOf = (claimed: readonly ClaimedRun[]) => claimed.map(({ run }) => run.tenantId).toSorted();

    async function queueMany(tenantId: string, count: number): Promise<void> {
      for (let index = 0; index < count; index += 1) await queue(stores().runs, makeRun({ tenantId }));
    }

    test('tenants that came later with little do not wait for one that has much', async () => {
      await queueMany('noisy', 40);
      for (const tenant of ['one', 'two', 'three']) await queueMany(tenant, 1);
      expect(tenantsOf(await claim(4))).toEqual(['noisy', 'one', 'three', 'two']);
      expect(tenantsOf(await claim(4))).toEqual(['noisy', 'noisy', 'noisy', 'noisy']);
    });

    test('who has little under way comes first', async () => {
      await queueMany('noisy', 30);
      expect(await claim(10)).toHaveLength(10);
      await queueMany('one', 2);
      await queueMany('two', 1);
      expect(tenantsOf(await claim(3))).toEqual(['one', 'one', 'two']);
    });

    test('a tenant that is alone may have everything, in order', async () => {
      await queueMany('noisy', 20);
      const claimed = await claim(16);
      expect(claimed).toHaveLength(16);
      expect(claimed.map(({ run }) => run.id)).toEqual(claimed.map(({ run }) => run.id).toSorted());
    });

    test('a run at the end of a long queue of others is seen', async () => {
      await queueMany('noisy', 120);
      await queueMany('quiet', 1);
      expect(tenantsOf(await claim(1))).toEqual(['noisy']);
      expect(tenantsOf(await claim(1))).toEqual(['quiet']);
    });

    test('timers are shared out like queued runs', async () => {
      const due = { ...running, status: 'waiting' as const, waitingFor: 'timer' as const };
      for (const tenantId of [...Array.from({ length: 30 }, () => 'noisy'), 'quiet']) {
        const lease = await start(stores().runs, makeRun({ tenantId }));
        await stores().runs.commit(makeTurn(lease, 2, { run: { ...due, wakeAt: Date.now() - 10_000 } }));
      }
      expect(tenantsOf(await claim(2))).toEqual(['noisy', 'quiet']);
    });

    test('of more tenants than one claim looks at, none is forgotten', async () => {
      await queueMany('a-noisy', 150);
      const quiet = Array.from({ length: 220 }, (_, index) => `t${String(index).padStart(3, '0')}`);
      for (const tenant of quiet) await queueMany(tenant, 1);
      const taken = new Set<string>();
      for (let round = 0; round < 20; round += 1) {
        for (const { run } of await claim(16)) taken.add(run.tenantId);
      }
      expect(quiet.filter((tenant) => !taken.has(tenant))).toEqual([]);
    });

    test('what is taken is shared as evenly as it can be, whatever is queued and ends', async () => {
      const uneven: Step[][] = [];
      const property = fc.asyncProperty(steps, async (present) => {
        if (!(await play(stores().runs, present))) uneven.push(present);
      });
      await fc.assert(property, { numRuns: 12 });
      expect(uneven).toEqual([]);
    });
  });
}

type Step =
  | { kind: 'queue'; tenant: number; count: number }
  | { kind: 'claim'; limit: number }
  | { kind: 'end'; every: number };

const claims = fc.record({ kind: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 12 }) });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('queue' as const),
      tenant: fc.nat(4),
      count: fc.integer({ min: 1, max: 25 }),
    }),
    claims,
    claims,
    fc.record({ kind: fc.constant('end' as const), every: fc.integer({ min: 1, max: 4 }) }),
  ),
  { minLength: 3, maxLength: 12 },
);

let played = 0;

/** Plays steps for tenants of their own. Whether every claim took all it could, and shared it evenly. */
async function play(runs: RunStore, present: readonly Step[]): Promise<boolean> {
  played += 1;
  const line = new PlayedQueue(runs, `p${played}`);
  let isEven = true;
  for (const step of present) {
    if (step.kind === 'queue') await line.add(step.tenant, step.count);
    if (step.kind === 'end') await line.end(step.every);
    if (step.kind === 'claim') isEven = (await line.claim(step.limit)) && isEven;
  }
  while (line.size > 0 && isEven) {
    isEven = await line.claim(12);
    await line.end(1);
  }
  await line.end(1);
  return isEven;
}

/** What must be queued and under way, beside the store. */
class PlayedQueue {
  readonly #runs: RunStore;
  readonly #name: string;
  readonly #waiting = new Map<string, number>();
  #underWay: ClaimedRun[] = [];

  constructor(runs: RunStore, name: string) {
    this.#runs = runs;
    this.#name = name;
  }

  get size(): number {
    return [...this.#waiting.values()].reduce((sum, count) => sum + count, 0);
  }

  async add(tenant: number, count: number): Promise<void> {
    const tenantId = `${this.#name}-${tenant}`;
    for (let index = 0; index < count; index += 1) await queue(this.#runs, makeRun({ tenantId }));
    this.#waiting.set(tenantId, (this.#waiting.get(tenantId) ?? 0) + count);
  }

  async end(every: number): Promise<void> {
    const over = this.#underWay.filter((_, index) => index % every === 0);
    for (const { lease } of over) await end(this.#runs, lease, 1);
    this.#underWay = this.#underWay.filter((claimed) => !over.includes(claimed));
  }

  async claim(limit: number): Promise<boolean> {
    const there = this.size;
    const claimed = await this.#runs.claim('worker-1', { limit });
    this.#underWay.push(...claimed);
    for (const { run } of claimed)
      this.#waiting.set(run.tenantId, (this.#waiting.get(run.tenantId) ?? 0) - 1);
    return claimed.length === Math.min(limit, there) && this.#isEven(claimed);
  }

  /** Nobody who was given a run now has more than one more under way than somebody who still waits. */
  #isEven(claimed: readonly ClaimedRun[]): boolean {
    const underWay = countByTenant(this.#underWay);
    const waits = [...this.#waiting]
      .filter(([, count]) => count > 0)
      .map(([tenant]) => underWay.get(tenant) ?? 0);
    const fewest = Math.min(Number.POSITIVE_INFINITY, ...waits);
    return claimed.every(({ run }) => (underWay.get(run.tenantId) ?? 0) <= fewest + 1);
  }
}

function countByTenant(claimed: readonly ClaimedRun[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { run } of claimed) counts.set(run.tenantId, (counts.get(run.tenantId) ?? 0) + 1);
  return counts;
}
