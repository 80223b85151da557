/** Crashes of an agent that delivers things to the outside world, each call saying of which case and which call it is. */
import { startWorkerProcess } from '@batuta/testkit/crash';
import type { OutsideEffect, OutsideWorld } from '@batuta/testkit/crash/outside-world';
import type { StoredCase, WorkerDatabase } from '@batuta/testkit/crash/protocol';
import { expect } from 'vitest';

/** Who delivers, and where. */
export interface Delivery {
  database: WorkerDatabase;
  scenario: string;
  agent: string;
  outside: OutsideWorld;
}

/** Where the process is killed: at a point of the engine, or when a call has arrived outside and before it is answered. */
export type Kill = { at: string } | { during: string };

let lastCase = 0;

/** Kills a process in the middle of a run, lets another one finish it, and gives what is stored and what has arrived outside. */
export async function deliverThroughCrash({ database, scenario, agent, outside }: Delivery, kill: Kill) {
  lastCase += 1;
  const key = `case-${lastCase}`;
  const setup = { database, scenario, outside: outside.url, leaseMs: 1_000, pollMs: 50 };
  const victim = await startWorkerProcess(setup);
  await victim.ask('arm', { order: 'at' in kill ? kill.at : null });
  await victim.ask('start', {});
  outside.beforeAnswer = ({ runId, callId }) => {
    if (runId !== key || 'at' in kill || callId !== kill.during) return undefined;
    outside.beforeAnswer = null;
    victim.signal('SIGKILL');
    return victim.died.then(() => undefined);
  };
  const request = { agent, input: `Deliver (${key}).`, key };
  await Promise.allSettled([victim.ask('accept', request), victim.died]);
  const next = await startWorkerProcess(setup);
  await next.ask('start', {});
  const { id } = await next.ask('accept', request);
  const run = await next.ask('finish', { runId: id, decision: 'done' });
  const after = await next.ask('dump', { key });
  return { run, after, arrived: outside.effects.filter(({ runId }) => runId === key) };
}

/** What is known after a crash. */
export type Delivered = Awaited<ReturnType<typeof deliverThroughCrash>>;

/** How often a call has arrived, and with how many keys. */
export function countArrivals(arrived: readonly OutsideEffect[], callId: string) {
  const own = arrived.filter((effect) => effect.callId === callId);
  return { times: own.length, keys: new Set(own.map(({ idempotencyKey }) => idempotencyKey)).size };
}

/** Whether the platform said of a call that nobody knows what came of it. */
export function wasUnknown({ events }: StoredCase, callId: string): boolean {
  return events.some(({ kind, data }) => kind === 'tool-call-unknown' && data['call_id'] === callId);
}

/** What holds of every crash: one settlement a call, nothing that may not be repeated arrives twice, repetitions have one key. */
export function expectDeliveredOnce(
  { run, after, arrived }: Delivered,
  calls: { once: readonly string[]; repeatable: string },
): void {
  expect(run).toMatchObject({ status: 'succeeded', output: { text: 'All is delivered.' } });
  const settled = after.events.filter(({ kind }) => kind === 'tool-call-settled');
  expect(settled).toHaveLength(calls.once.length + 1);
  const ids = new Set(settled.map(({ data }) => data['call_id']));
  expect(ids).toEqual(new Set([...calls.once, calls.repeatable]));
  for (const callId of calls.once) expect(countArrivals(arrived, callId).times).toBeLessThanOrEqual(1);
  expect(countArrivals(arrived, calls.repeatable).keys).toBe(1);
}
