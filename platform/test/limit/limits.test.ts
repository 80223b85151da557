import { BatutaError } from '@batuta/contract';
import { AdvancingClock } from '@batuta/testkit/clock';
import { expect, test } from 'vitest';
import { MemoryRateLimiter } from '../../src/adapter/rate-limiter-memory/memory-rate-limiter.ts';
import { addressBlock } from '../../src/application/limit/address-block.ts';
import { SteadyRateLimiter } from '../../src/application/limit/steady-rate-limiter.ts';
import { makeTake } from '../conformance/rate-limiter.ts';
import { MemoryLog } from '../http/open-door.ts';
import { ana, makeKeeper, makeLimiter, WatchedLimiter } from './limit-kit.ts';

const plans = {
  small: { tenant: { requests_per_day: 5 }, user: { requests_per_day: 3 }, key: { requests_per_minute: 2 } },
  large: { tenant: { requests_per_day: 1000 } },
};

test('a plan without limits costs nothing', async () => {
  const shared = makeLimiter();
  const { keeper } = makeKeeper(shared, { plans });
  for (let request = 0; request < 100; request += 1) expect(await keeper.admit(ana)).toEqual([]);
  expect(await keeper.tokenWait(ana)).toBeNull();
  keeper.chargeTokens(ana, 1_000_000);
  await keeper.stop();
  expect(shared.limiter.takes).toEqual([]);
});

test('key, user and tenant have their own limits, and the first that is reached refuses', async () => {
  const { keeper } = makeKeeper(makeLimiter(), { plans, defaultPlan: 'small' });
  await keeper.admit(ana);
  await keeper.admit(ana);
  const refused = await Promise.resolve(keeper.admit(ana)).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'rate-limited', data: { subject: 'key', per: 'minute', limit: 2 } });
  await keeper.admit({ ...ana, keyId: 'key_other' });
  const ofUser = await Promise.resolve(keeper.admit({ ...ana, keyId: 'key_third' })).catch(
    (error: unknown) => error,
  );
  expect(ofUser).toMatchObject({ data: { subject: 'user', limit: 3 } });
  await keeper.admit({ ...ana, userId: null, keyId: null });
  await keeper.admit({ ...ana, userId: null, keyId: null });
  const ofTenant = await Promise.resolve(keeper.admit({ ...ana, userId: 'usr_bo', keyId: null })).catch(
    (error: unknown) => error,
  );
  expect(ofTenant).toMatchObject({ data: { subject: 'tenant', limit: 5 } });
  await keeper.admit({ ...ana, tenantId: 'other' });
});

test.each(['minute', 'day'] as const)(
  'requests of an address, a %s, may be limited by the plan',
  async (per) => {
    const plan = { address: { [`requests_per_${per}`]: 2 } };
    const { keeper } = makeKeeper(makeLimiter(), { plans: { plan }, defaultPlan: 'plan' });
    const here = { ...ana, address: '192.0.2.7' };
    await keeper.admit(here);
    await keeper.admit({ ...here, keyId: 'key_other', userId: null });
    const refused = await Promise.resolve(keeper.admit(here)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'rate-limited', data: { subject: 'address', per, limit: 2 } });
    await keeper.admit({ ...here, address: '192.0.2.8' });
    await keeper.admit({ ...here, tenantId: 'other' });
    await keeper.admit(ana);
  },
);

test('a new plan holds at once where the old one was not asked for a moment ago, and a wrong name is no way out', async () => {
  const shared = makeLimiter();
  let plan: string | undefined = 'small';
  const { keeper, log } = makeKeeper(shared, { plans, defaultPlan: 'small' }, async () => plan);
  expect((await keeper.report(ana)).plan).toBe('small');
  plan = 'large';
  shared.clock.advance(1_100);
  expect(await keeper.report(ana)).toMatchObject({
    plan: 'large',
    limits: [{ subject: 'tenant', limit: 1000, left: 1000 }],
  });
  plan = 'gold';
  shared.clock.advance(1_100);
  expect((await keeper.report(ana)).plan).toBe('small');
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { plan: 'gold', tenant: 'acme' } }]);
});

test('who used much under a large plan can still use a small one', async () => {
  const shared = makeLimiter();
  let plan = 'huge';
  const huge = { tenant: { requests_per_day: 1_000_000_000, tokens_per_day: 1_000_000_000 } };
  const small = { tenant: { requests_per_day: 10, tokens_per_day: 10 } };
  const { keeper } = makeKeeper(shared, { plans: { huge, small } }, async () => plan);
  for (let request = 0; request < 50; request += 1) await keeper.admit(ana);
  keeper.chargeTokens(ana, 1_000_000);
  await keeper.stop();
  plan = 'small';
  shared.clock.advance(1_100);
  expect(await keeper.admit(ana)).toMatchObject([{ bucket: { rule: { limit: 10 } } }]);
  expect(await keeper.tokenWait(ana)).toBeNull();
});

test('wrong keys of an address are counted; who was let in lately is not held up by them', async () => {
  const shared = makeLimiter();
  const { keeper } = makeKeeper(shared, { addressFailuresPerMinute: 3 });
  const wrong = async () => Promise.reject(new BatutaError('key-invalid', {}));
  const attempt = (credential: string, address = '192.0.2.1') => ({ credential, address });
  await keeper.watch(attempt('good'), async () => ({ name: 'ana' }));
  for (let guess = 0; guess < 3; guess += 1) {
    await expect(keeper.watch(attempt(`bad ${guess}`), wrong)).rejects.toMatchObject({ code: 'key-invalid' });
  }
  let looked = 0;
  const look = async () => ({ looked: (looked += 1) });
  await expect(keeper.watch(attempt('right at last'), look)).rejects.toMatchObject({
    code: 'rate-limited',
    data: { subject: 'address', resource: 'failures', limit: 3, retry_after_seconds: 20 },
  });
  expect(looked).toBe(0);
  await expect(keeper.watch(attempt('good'), look)).resolves.toMatchObject({ looked: 1 });
  await expect(keeper.watch(attempt('fresh', '192.0.2.2'), look)).resolves.toMatchObject({ looked: 2 });
  await keeper.stop();
  shared.clock.advance(20_100);
  await expect(keeper.watch(attempt('right at last'), look)).resolves.toMatchObject({ looked: 3 });
});

test('an address may be limited whoever asks; of IPv6 a whole network counts as one', async () => {
  const { keeper } = makeKeeper(makeLimiter(), { addressRequestsPerMinute: 2 });
  await keeper.enter('2001:db8:1:2::1');
  await keeper.enter('2001:db8:1:2:ffff::');
  await expect(keeper.enter('2001:0DB8:1:2::3')).rejects.toMatchObject({
    data: { subject: 'address', resource: 'requests' },
  });
  await keeper.enter('2001:db8:1:3::1');
  await keeper.enter(null);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
])('%s counts as %s', (address, block) => {
  expect(addressBlock(address)).toBe(block);
});

test('when the shared buckets do not answer, each process counts by itself, and says so once', async () => {
  const clock = new AdvancingClock();
  const shared = new WatchedLimiter(new MemoryRateLimiter(clock));
  const log = new MemoryLog();
  const steady = new SteadyRateLimiter({ shared, own: new MemoryRateLimiter(clock), clock, log });
  shared.failure = new Error('away');
  const wanted = makeTake({ least: 10, most: 10 });
  expect(await steady.take([wanted])).toMatchObject([{ taken: 10 }]);
  expect(await steady.take([wanted])).toMatchObject([{ taken: 0 }]);
  expect(shared.takes).toHaveLength(1);
  clock.advance(6_000);
  await steady.take([wanted]);
  expect(shared.takes).toHaveLength(2);
  shared.failure = undefined;
  clock.advance(6_000);
  expect(await steady.take([wanted])).toMatchObject([{ taken: 10 }]);
  expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
});

test('buckets that answer too late are not waited for', async () => {
  const clock = new AdvancingClock();
  const shared = new WatchedLimiter(new MemoryRateLimiter(clock));
  const steady = new SteadyRateLimiter({
    shared,
    own: new MemoryRateLimiter(clock),
    clock,
    log: new MemoryLog(),
  });
  shared.gate = new Promise(() => undefined);
  const answer = steady.take([makeTake()]);
  clock.advance(1_100);
  expect(await answer).toMatchObject([{ taken: 1 }]);
});
