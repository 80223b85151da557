import { AdvancingClock } from '@batuta/testkit/clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProviderPlaces, type Place } from '../../src/application/model/provider-places.ts';

function makePlaces(places: number, tenantShare = 1) {
  const clock = new AdvancingClock();
  const entered: string[] = [];
  const held = new Map<string, Place[]>();
  const all = new ProviderPlaces(clock, { places, tenantShare });
  const enter = (
    tenant: string,
    bounds: { waitMs?: number; signal?: AbortSignal; provider?: string } = {},
  ) => {
    const { waitMs = 60_000, signal = new AbortController().signal, provider = 'anthropic' } = bounds;
    const asked = Promise.resolve(all.enter(provider, tenant, { waitMs, signal }));
    return asked.then((place) => {
      if (!place) return 'busy';
      entered.push(tenant);
      held.set(tenant, [...(held.get(tenant) ?? []), place]);
      return 'entered';
    });
  };
  const leave = async (tenant: string) => {
    held.get(tenant)?.shift()?.leave();
    await settled();
  };
  const underWay = (tenant: string) => held.get(tenant)?.length ?? 0;
  return { clock, entered, enter, leave, underWay };
}

/** Ends when everything that was let in has noticed. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test('no more calls are under way than there are places; others wait in order', async () => {
  const { entered, enter, leave } = makePlaces(2);
  for (const tenant of ['a', 'b', 'c', 'd']) void enter(tenant);
  await settled();
  expect(entered).toEqual(['a', 'b']);
  await leave('a');
  await leave('b');
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
});

test('of those that wait, the tenant with the fewest calls under way is next', async () => {
  const { entered, enter, leave } = makePlaces(3);
  for (const tenant of ['noisy', 'noisy', 'noisy', 'noisy', 'noisy', 'quiet']) void enter(tenant);
  await settled();
  await leave('noisy');
  expect(entered).toEqual(['noisy', 'noisy', 'noisy', 'quiet']);
});

test('no tenant may have all places while another uses the provider; one that is alone may', async () => {
  const { entered, enter } = makePlaces(5, 0.8);
  for (let call = 0; call < 5; call += 1) await enter('noisy');
  expect(entered).toHaveLength(5);
  const others = makePlaces(5, 0.8);
  await others.enter('quiet');
  await others.leave('quiet');
  for (let call = 0; call < 5; call += 1) void others.enter('noisy');
  await settled();
  expect(others.entered.filter((tenant) => tenant === 'noisy')).toHaveLength(4);
  await others.enter('quiet');
  expect(others.entered.at(-1)).toBe('quiet');
});

test('places that were kept for others are given to one that is alone again when it next asks', async () => {
  const { clock, entered, enter, leave } = makePlaces(2, 0.5);
  await enter('quiet');
  await leave('quiet');
  void enter('noisy');
  void enter('noisy');
  await settled();
  expect(entered).toEqual(['quiet', 'noisy']);
  clock.advance(61_000);
  await enter('noisy');
  expect(entered.filter((tenant) => tenant === 'noisy')).toHaveLength(2);
});

test('a call waits no longer than it may, and no longer than its run', async () => {
  const { clock, entered, enter, leave } = makePlaces(1);
  await enter('a');
  const late = enter('b', { waitMs: 1_000 });
  const run = new AbortController();
  const cancelled = enter('c', { signal: run.signal });
  run.abort('cancelled');
  await expect(cancelled).rejects.toBe('cancelled');
  clock.advance(1_001);
  expect(await late).toBe('busy');
  void enter('d');
  await leave('a');
  expect(entered).toEqual(['a', 'd']);
});

test('a call that is over before it began waits for nothing', async () => {
  const { enter } = makePlaces(1);
  await enter('a');
  await expect(enter('b', { signal: AbortSignal.abort('gone') })).rejects.toBe('gone');
});

test('each provider has places of its own', async () => {
  const { entered, enter } = makePlaces(1);
  await enter('a');
  await enter('a', { provider: 'openai' });
  expect(entered).toEqual(['a', 'a']);
});

test('as many calls are under way as want to be, up to the places there are', async () => {
  const step = fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), enters: fc.boolean() });
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
    const { enter, leave, underWay } = makePlaces(4);
    let wanted = 0;
    for (const { tenant, enters } of steps) {
      if (enters) void enter(tenant);
      await settled();
      if (enters) wanted += 1;
      else if (underWay(tenant) > 0) wanted -= 1;
      if (!enters) await leave(tenant);
      const all = ['a', 'b', 'c'].reduce((sum, each) => sum + underWay(each), 0);
      expect(all).toBe(Math.min(4, wanted));
    }
  });
  await fc.assert(property, { numRuns: 40 });
});
