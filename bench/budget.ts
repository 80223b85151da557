/**
 * What one budget costs when many runs are charged to it: `node bench/budget.ts`. Thirty-two runs commit turns that settle one call and
 * reserve the next, on a PostgreSQL server of their own: at 200 turns a second together, and as fast as they can; without a budget, with one in
 * one row, and with one in slices. Once on the disk as it is, once with a disk that needs 3 ms more to write (`commit_delay`).
 */
import { agentDefinitionSchema, noUsage } from '@batuta/contract';
import { closeFreshDatabases, freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { startPostgres } from '@batuta/testkit/postgres';
import { systemClock } from '../platform/src/adapter/clock-system/system-clock.ts';
import { makeUuidIds } from '../platform/src/adapter/ids-uuid/uuid-ids.ts';
import { AccountSlices } from '../platform/src/application/budget/account-slices.ts';
import type { AccountCharge, Lease } from '../platform/src/port/run-record.ts';
import { median, percentile, spread } from './measure/figures.ts';

const runsAtOnce = 32;
const roundMs = 1_500;
const rounds = 3;
const turnsPerSecond = 200;
const account = 'tenant//day/2026-11-21';
const limit = 1_000_000_000_000;
const ids = makeUuidIds(systemClock);
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const definition = agentDefinitionSchema.parse({ name: 'a', description: 'A.', instructions: 'A.' });

type Choose = (place: number) => number;

/** How a turn is charged: not at all, in one row, or as a process does it. */
function cases(stores: FreshDatabase): Record<string, Choose | null> {
  const slices = new AccountSlices({ budgets: stores.budgets, clock: systemClock, log }, 8);
  return {
    'no budget': null,
    'one row': () => 0,
    '8 slices': (place) => slices.choose('bench', { account, limit, place }).slice,
  };
}

async function startRun(stores: FreshDatabase): Promise<Lease> {
  const { lease } = await stores.runs.accept(
    {
      id: ids.create('run'),
      tenantId: 'bench',
      sessionId: ids.create('session'),
      agent: 'a',
      definition: { hash: 'h', definition },
      newSession: { title: 'a', metadata: {}, parentRunId: null },
      input: { messageId: ids.create('message'), parts: [{ type: 'text', text: 'a' }] },
      artifacts: [],
      metadata: {},
      requestedBy: { userId: null, keyId: null, role: 'administrator', name: 'bench' },
      ownerId: null,
      parent: null,
      ancestors: [],
      idempotency: null,
    },
    { start: { workerId: 'bench', events: [note] }, queueLimit: 10 },
  );
  if (!lease) throw new Error('the run was not started');
  return lease;
}

const note = { kind: 'note-added', data: { topic: 'bench', data: { text: 'x'.repeat(300) } } } as const;

/** One turn: what was reserved is settled, and as much is reserved again. */
async function turn(stores: FreshDatabase, lease: Lease, told: { seq: number; charges: AccountCharge[] }) {
  const receipt = await stores.runs.commit({
    lease,
    firstSeq: told.seq,
    events: [note, note],
    run: {
      status: 'running',
      waitingFor: null,
      wakeAt: null,
      turns: 1,
      attempt: 1,
      usage: noUsage,
      costMicros: 0,
      outputText: null,
      error: null,
      startedSeq: 1,
    },
    claims: [],
    settlements: [],
    artifacts: [],
    children: [],
    approvals: [],
    closings: [],
    cachedAnswers: [],
    ledger: [],
    charges: told.charges,
    alerts: [],
    signalsTakenTo: 0,
    parentSignal: null,
  });
  if (receipt.outcome !== 'committed') throw new Error(receipt.outcome);
}

/** Commits of all runs for a while, at a pace (turns a second together) or as fast as they go. */
async function measure(stores: FreshDatabase, choose: Choose | null, pace: number | null) {
  const leases = await Promise.all(Array.from({ length: runsAtOnce }, () => startRun(stores)));
  const times: number[] = [];
  const end = performance.now() + roundMs;
  const between = pace === null ? 0 : (1000 * runsAtOnce) / pace;
  const drive = async (lease: Lease, place: number) => {
    let open: AccountCharge[] = [];
    let due = performance.now() + (between * place) / runsAtOnce;
    for (let seq = 2; performance.now() < end; seq += 2) {
      if (between > 0) await systemClock.sleep(due - performance.now());
      due += between;
      const slice = choose?.(place);
      const next = slice === undefined ? [] : [{ account, slice, spent: 0, reserved: 10, limit }];
      const began = performance.now();
      await turn(stores, lease, { seq, charges: [...open, ...next] });
      times.push(performance.now() - began);
      open = next.map((charge) => ({ ...charge, spent: 7, reserved: -10, limit: null }));
    }
  };
  await Promise.all(leases.map(drive));
  return { times, perSecond: (times.length * 1000) / roundMs };
}

async function measureDisk(name: string, settings: Record<string, string>): Promise<void> {
  const server = await startPostgres({ shared_buffers: '256MB', max_wal_size: '4GB', ...settings });
  const stores = await freshDatabase('postgres', server.url);
  await stores.access.ensureTenant('bench', 'bench');
  await stores.runs.heartbeat('bench', 3_600_000);
  const contestants = Object.entries(cases(stores));
  const found = contestants.map(([title, choose]) => ({
    title,
    choose,
    p50: new Array<number>(),
    p99: new Array<number>(),
    most: new Array<number>(),
  }));
  for (const each of found) await measure(stores, each.choose, null);
  for (let round = 0; round < rounds; round += 1) {
    for (const each of found) {
      const paced = await measure(stores, each.choose, turnsPerSecond);
      each.p50.push(median(paced.times));
      each.p99.push(percentile(paced.times, 0.99));
      each.most.push((await measure(stores, each.choose, null)).perSecond);
    }
  }
  for (const { title, p50, p99, most } of found)
    console.log(`| ${name} | ${title} | ${spread(p50)} | ${spread(p99)} | ${spread(most, 0)} |`);
  stores.release();
  await closeFreshDatabases();
  await server.stop();
}

console.log(
  `| disk | charged in | p50 ms at ${turnsPerSecond}/s | p99 ms at ${turnsPerSecond}/s | most turns/s |`,
);
console.log('| --- | --- | --- | --- | --- |');
await measureDisk('as it is', {});
await measureDisk('3 ms slower', { commit_delay: '3000', commit_siblings: '0' });
