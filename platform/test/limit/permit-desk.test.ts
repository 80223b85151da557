import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PermitDesk, type PermitCounter, type Refusal } from '../../src/application/limit/permit-desk.ts';
import type { Bucket } from '../../src/domain/limit/bucket.ts';
import { makeBucket, makeLimiter } from './limit-kit.ts';

test('far from a limit, few requests ask the shared bucket', async () => {
  const { clock, limiter } = makeLimiter();
  const counter = new PermitDesk({ limiter, clock }).counter([makeBucket(100_000)]);
  for (let request = 0; request < 1000; request += 1) expect(await counter.take()).toBeNull();
  expect(limiter.takes.length).toBeLessThan(12);
});

test.each([300, 600, 6_000, 1_000_000_000])(
  'a quiet client of a limit of %d a minute seldom asks',
  async (limit) => {
    const { clock, limiter } = makeLimiter();
    const counter = new PermitDesk({ limiter, clock }).counter([makeBucket(limit, 'minute')]);
    for (let second = 0; second < 120; second += 1) {
      expect(await counter.take()).toBeNull();
      clock.advance(1_000);
    }
    // Of a limit that it nearly reaches it is told more often: a tenth of what is left does not last as long.
    expect(limiter.takes.length).toBeLessThan(limit < 100 ? 121 : 30);
  },
);

test('a request that finds a permit here is answered at once', async () => {
  const { clock, limiter } = makeLimiter();
  const counter = new PermitDesk({ limiter, clock }).counter([makeBucket(100_000)]);
  expect(counter.take()).toBeInstanceOf(Promise);
  await counter.take();
  expect(counter.take()).toBeNull();
});

test('requests that come together are answered by one question', async () => {
  const { clock, limiter } = makeLimiter();
  const counter = new PermitDesk({ limiter, clock }).counter([makeBucket(1000)]);
  const verdicts = await takeAtOnce([counter], 500);
  expect(verdicts.filter((verdict) => verdict === null)).toHaveLength(500);
  expect(limiter.takes.length).toBeLessThanOrEqual(2);
});

test('of many requests in several processes exactly as many pass as the limit allows', async () => {
  const { clock, limiter } = makeLimiter();
  const counters = Array.from({ length: 4 }, () =>
    new PermitDesk({ limiter, clock }).counter([makeBucket(100)]),
  );
  const verdicts = await takeAtOnce(counters, 1000);
  expect(verdicts.filter((verdict) => verdict === null)).toHaveLength(100);
});

test('a refusal says when there will be a permit, and nobody asks before', async () => {
  const { clock, limiter } = makeLimiter();
  const counter = new PermitDesk({ limiter, clock }).counter([makeBucket(6, 'minute')]);
  for (let request = 0; request < 6; request += 1) await counter.take();
  const refused = await counter.take();
  expect(refused?.retryAfterMs).toBeGreaterThan(9_000);
  const asked = limiter.takes.length;
  for (let request = 0; request < 50; request += 1) expect(await counter.take()).not.toBeNull();
  expect(limiter.takes).toHaveLength(asked);
  clock.advance(10_001);
  expect(await counter.take()).toBeNull();
});

test('every limit of a request must hold; one that is reached takes nothing for good from the others', async () => {
  const { clock, limiter } = makeLimiter();
  const [small, large] = [makeBucket(2, 'day', 'small'), makeBucket(50, 'day', 'large')];
  const desk = new PermitDesk({ limiter, clock });
  const both = desk.counter([large, small]);
  const verdicts = await takeAtOnce([both], 20);
  expect(verdicts.filter((verdict) => verdict === null)).toHaveLength(2);
  expect(verdicts.at(-1)?.bucket.key).toBe(small.key);
  const alone = desk.counter([large]);
  let passed = 0;
  while ((await alone.take()) === null) passed += 1;
  expect(passed).toBeGreaterThanOrEqual(47);
  expect(passed).toBeLessThanOrEqual(48);
});

test('what was taken ahead and not used is lost here as fast as the shared bucket is filled', async () => {
  const { clock, limiter } = makeLimiter();
  const bucket = makeBucket(600, 'minute');
  const [one, other] = [0, 1].map(() => new PermitDesk({ limiter, clock }).counter([bucket]));
  for (let request = 0; request < 40; request += 1) await one?.take();
  clock.advance(120_000);
  let passed = 0;
  for (const counter of [one, other]) while ((await counter?.take()) === null) passed += 1;
  expect(passed).toBeLessThanOrEqual(600 + 5);
  expect(passed).toBeGreaterThanOrEqual(600);
});

const step = fc.record({ process: fc.nat(2), requests: fc.nat(40), pauseMs: fc.nat(20_000) });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What passed, and when. */
async function play(steps: readonly Step[], bucket: Bucket) {
  const { clock, limiter } = makeLimiter();
  const counters = Array.from({ length: 3 }, () => new PermitDesk({ limiter, clock }).counter([bucket]));
  const passed: { at: number; count: number }[] = [];
  for (const { process, requests, pauseMs } of steps) {
    clock.advance(pauseMs);
    const verdicts = await takeAtOnce(counters.slice(process, process + 1), requests);
    passed.push({ at: clock.monotonic(), count: verdicts.filter((verdict) => verdict === null).length });
  }
  return passed;
}

test('in no stretch of time more passes than the bucket and what it gained', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 25 }),
    fc.integer({ min: 5, max: 200 }),
    async (steps, limit) => {
      const bucket = makeBucket(limit, 'minute');
      const passed = await play(steps, bucket);
      for (const [from, first] of passed.entries()) {
        let sum = 0;
        for (const { at, count } of passed.slice(from)) {
          sum += count;
          expect(sum).toBeLessThanOrEqual(limit + ((at - first.at + 50) / 1000) * bucket.perSecond + 1e-6);
        }
      }
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

function takeAtOnce(counters: readonly PermitCounter[], count: number): Promise<(Refusal | null)[]> {
  const takers = Array.from(
    { length: count },
    async (_, index) => await counters[index % counters.length]?.take(),
  );
  return Promise.all(takers.map(async (taker) => (await taker) ?? null));
}
