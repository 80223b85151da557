import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWorkerProcesses, startWorkerProcess } from '@batuta/testkit/crash';
import {
  startOutsideWorld,
  type OutsideEffect,
  type OutsideWorld,
} from '@batuta/testkit/crash/outside-world';
import type { StoredCase } from '@batuta/testkit/crash/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { operations } from './postman-scenario.ts';

const scenario = join(import.meta.dirname, 'postman-scenario.ts');
const directory = mkdtempSync(join(tmpdir(), 'batuta-crash-'));
let outside: OutsideWorld;
let lastCase = 0;

beforeAll(async () => {
  outside = await startOutsideWorld();
});
afterEach(() => endWorkerProcesses());
afterAll(async () => {
  await outside.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Kills a process in the middle of a run, lets another one finish it, and gives what is stored and what has arrived outside. */
async function killed(order: string | null, during?: keyof typeof operations) {
  lastCase += 1;
  const key = `case-${lastCase}`;
  const setup = { database: { directory }, scenario, outside: outside.url, leaseMs: 1_000, pollMs: 50 };
  const victim = await startWorkerProcess(setup);
  await victim.ask('arm', { order });
  await victim.ask('start', {});
  outside.beforeAnswer = ({ runId, callId }) => {
    if (runId !== key || callId !== during) return undefined;
    outside.beforeAnswer = null;
    victim.signal('SIGKILL');
    return victim.died.then(() => undefined);
  };
  const request = { agent: 'postman', input: `Deliver (${key}).`, key };
  await Promise.allSettled([victim.ask('accept', request), victim.died]);
  const next = await startWorkerProcess(setup);
  await next.ask('start', {});
  const { id } = await next.ask('accept', request);
  const run = await next.ask('finish', { runId: id, decision: 'done' });
  const after = await next.ask('dump', { key });
  return { run, after, arrived: outside.effects.filter(({ runId }) => runId === key) };
}

function count(arrived: readonly OutsideEffect[], callId: keyof typeof operations) {
  const own = arrived.filter((effect) => effect.callId === callId);
  return { times: own.length, keys: new Set(own.map(({ idempotencyKey }) => idempotencyKey)).size };
}

function settlements(after: StoredCase, callId: string): number {
  return after.events.filter(({ kind, data }) => kind === 'tool-call-settled' && data['call_id'] === callId)
    .length;
}

/** What holds of every crash: one settlement a call, nothing that may not be repeated arrives twice, repetitions have one key. */
function expectOnce({ run, after, arrived }: Awaited<ReturnType<typeof killed>>): void {
  expect(run).toMatchObject({ status: 'succeeded', output: { text: 'All is delivered.' } });
  for (const callId of ['letter', 'parcel', 'shred'] as const) expect(settlements(after, callId)).toBe(1);
  expect(count(arrived, 'letter').times).toBeLessThanOrEqual(1);
  expect(count(arrived, 'shred').times).toBeLessThanOrEqual(1);
  expect(count(arrived, 'parcel').keys).toBe(1);
}

it.each([
  'commit-before:2:kill',
  'commit-after:2:kill',
  'tool-before:1:kill:name=post_postLetter',
  'tool-before:1:kill:name=post_postParcel',
  'tool-after:1:kill:name=post_postLetter',
  'tool-after:1:kill:name=post_shredLetter',
  'commit-before:3:kill',
  'commit-after:3:kill',
])(
  'operations of an API take place once when the process is killed at %s',
  { timeout: 60_000 },
  async (order) => {
    const found = await killed(order);
    expectOnce(found);
    expect(found.run.status).toBe('succeeded');
  },
);

it.each([
  ['letter', 1],
  ['parcel', 2],
  ['shred', 1],
] as const)(
  'a call of %s during which the process is killed arrives %i times',
  { timeout: 60_000 },
  async (call, times) => {
    const found = await killed(null, call);
    expectOnce(found);
    expect(count(found.arrived, call).times).toBe(times);
    expect(
      found.after.events.some(({ kind, data }) => kind === 'tool-call-unknown' && data['call_id'] === call),
    ).toBe(true);
  },
);
