import { expect, test } from 'vitest';
import { UsageMeter } from '../../src/application/limit/usage-meter.ts';
import { MemoryLog } from '../http/open-door.ts';
import { makeBucket, makeLimiter } from './limit-kit.ts';

function makeMeters(count: number) {
  const shared = makeLimiter();
  const meters = Array.from({ length: count }, () => new UsageMeter({ ...shared, log: new MemoryLog() }));
  return { ...shared, meters };
}

test('charges are sent together', async () => {
  const { clock, limiter, meters } = makeMeters(1);
  const bucket = makeBucket(10_000);
  for (let call = 0; call < 20; call += 1) meters[0]?.charge([bucket], 10);
  clock.advance(300);
  await meters[0]?.flush();
  expect(limiter.takes).toHaveLength(1);
  expect(limiter.takes[0]).toMatchObject([{ most: 200, forced: true }]);
});

test('near the limit they are sent at once, and other processes learn of them', async () => {
  const { meters } = makeMeters(2);
  const bucket = makeBucket(100);
  meters[0]?.charge([bucket], 130);
  await meters[0]?.flush();
  expect(meters[0]?.wait([bucket])?.ms).toBeGreaterThan(0);
  expect(meters[1]?.wait([bucket])).toBeNull();
  await meters[1]?.refresh([bucket]);
  expect(meters[1]?.left(bucket)).toBeCloseTo(-30, 1);
});

test('what was used here counts here before anybody was told', () => {
  const { limiter, meters } = makeMeters(1);
  const bucket = makeBucket(100);
  meters[0]?.charge([bucket], 100);
  expect(meters[0]?.wait([bucket])).toMatchObject({ bucket });
  expect(limiter.takes).toEqual([]);
});

test('a debt is paid back by waiting, and the longest wait is told', async () => {
  const { clock, meters } = makeMeters(1);
  const [minute, day] = [makeBucket(60, 'minute'), makeBucket(86_400, 'day')];
  meters[0]?.charge([minute, day], 120);
  await meters[0]?.flush();
  expect(meters[0]?.wait([day, minute])?.bucket).toBe(minute);
  expect(meters[0]?.wait([minute])?.ms).toBeGreaterThan(60_000);
  clock.advance(61_100);
  expect(meters[0]?.wait([minute])).toBeNull();
});

test('a bucket far from its limit is believed for a while, one near it only for a moment', async () => {
  const { clock, limiter, meters } = makeMeters(1);
  const [far, near] = [makeBucket(1000, 'day', 'far'), makeBucket(1000, 'day', 'near')];
  meters[0]?.charge([near], 900);
  await meters[0]?.flush();
  await meters[0]?.refresh([far, near]);
  const asked = limiter.takes.length;
  clock.advance(5_000);
  await meters[0]?.refresh([far, near]);
  expect(limiter.takes.slice(asked).map((takes) => takes.map(({ key }) => key))).toEqual([[near.key]]);
  clock.advance(31_000);
  await meters[0]?.refresh([far]);
  expect(limiter.takes).toHaveLength(asked + 2);
});
