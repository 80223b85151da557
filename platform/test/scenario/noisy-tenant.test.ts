import type { Identity } from '@batuta/platform/composition';
import type { ModelRequest, RunStore } from '@batuta/platform/ports';
import type { TestPlatform } from '@batuta/testkit/platform';
import { expect, inject, it } from 'vitest';
import { replaced, withProcesses } from './processes.ts';

const noisyQueued = 3_000;
const slots = 4;

/** Model calls that are under way in all processes, and the starts of further ones. */
class Calls {
  readonly #underWay: { input: string; finish: () => void }[] = [];
  readonly #started: string[] = [];
  #onStart: (() => void) | undefined;

  /** The script of every model: each call takes until it is let go. */
  readonly script = async (request: ModelRequest) => {
    const input = inputOf(request);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#underWay.push({ input, finish: resolve });
    this.#started.push(input);
    this.#onStart?.();
    await promise;
    return { text: 'Done.' };
  };

  /** The next call that starts and was not told yet. */
  async nextStart(): Promise<string> {
    while (this.#started.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onStart = resolve;
      await promise;
    }
    return this.#started.shift() ?? '';
  }

  /** Ends the oldest call of this input. */
  finish(input: string): void {
    const index = this.#underWay.findIndex((call) => call.input === input);
    this.#underWay.splice(index, 1)[0]?.finish();
  }

  countOf(input: string): number {
    return this.#underWay.filter((call) => call.input === input).length;
  }
}

function inputOf({ messages }: ModelRequest): string {
  const [first] = messages;
  return JSON.stringify(first).match(/noisy|quiet \d+/)?.[0] ?? '';
}

function identityOf(platform: TestPlatform, tenantId: string): Identity {
  return { ...platform.identity, tenantId };
}

function accept(platform: TestPlatform, tenantId: string, input: string) {
  return platform.application.runs.accept(identityOf(platform, tenantId), { agent: 'assistant', input });
}

/** Copies of a queued run, each with a session of its own. */
async function copyRun(platform: TestPlatform, runId: string, count: number): Promise<void> {
  const columns = `tenant_id, agent, definition_hash, input, metadata, status, requested_by_name, requested_by_role`;
  const copies = `select 'run_' || lpad(n::text, 26, '0'), 'ses_' || lpad(n::text, 26, '0'), ${columns}
    from batuta.runs, generate_series(1, ${count}) n where id = '${runId}'`;
  const sessions = `select 'ses_' || lpad(n::text, 26, '0'), session.tenant_id, session.agent, session.title, session.metadata
    from batuta.sessions session join batuta.runs run on run.session_id = session.id, generate_series(1, ${count}) n where run.id = '${runId}'`;
  await platform.stores.engine.administer(async (client) => {
    await client.query(`insert into batuta.sessions (id, tenant_id, agent, title, metadata) ${sessions}`);
    await client.query(`insert into batuta.runs (id, session_id, ${columns}) ${copies}`);
  });
}

/** Fills all places of both processes with runs of the noisy tenant, with thousands more behind them. */
async function fill(platforms: readonly TestPlatform[], calls: Calls): Promise<void> {
  for (let place = 0; place < slots * 2; place += 1) {
    await accept(platforms[place % 2]!, 'noisy', 'noisy');
    expect(await calls.nextStart()).toBe('noisy');
  }
  const { id, status } = await accept(platforms[0]!, 'noisy', 'noisy');
  expect(status).toBe('queued');
  await copyRun(platforms[0]!, id, noisyQueued);
}

/** Ends runs of the noisy tenant, one after the other, until the run with this input starts. How many it took. */
async function endedBefore(input: string, calls: Calls): Promise<number> {
  for (let ended = 1; ended <= slots * 2; ended += 1) {
    calls.finish('noisy');
    if ((await calls.nextStart()) === input) return ended;
  }
  return Number.POSITIVE_INFINITY;
}

const onServer = {
  database: 'postgres' as const,
  postgresUrl: inject('postgresUrl'),
  concurrency: slots,
  pollMs: 60_000,
  queueLimit: 10_000,
};

it('of fifty quiet tenants none waits for a noisy one that has thousands of runs queued', async () => {
  const calls = new Calls();
  const process = { ...onServer, model: calls.script };
  await withProcesses([process, process], async (...platforms) => {
    await fill(platforms, calls);
    const waits: number[] = [];
    for (let tenant = 0; tenant < 50; tenant += 1) {
      const input = `quiet ${tenant}`;
      await accept(platforms[tenant % 2]!, `quiet-${tenant}`, input);
      await accept(platforms[(tenant + 1) % 2]!, 'noisy', 'noisy');
      waits.push(await endedBefore(input, calls));
      calls.finish(input);
      await calls.nextStart();
    }
    // A claim may have chosen just before; two processes may each have been at it.
    expect(Math.max(...waits)).toBeLessThanOrEqual(3);
    expect(waits.filter((ended) => ended === 1).length).toBeGreaterThanOrEqual(40);
    expect(calls.countOf('noisy')).toBe(slots * 2);
  });
});

/** A process whose first look at the queue does not come to an end. */
function withHeldClaim(concurrency: number, test: (platform: TestPlatform, calls: Calls) => Promise<void>) {
  const calls = new Calls();
  const looking = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const runs = (store: RunStore) => {
    const claim: RunStore['claim'] = async (workerId, order) => {
      looking.resolve();
      await gate.promise;
      return store.claim(workerId, order);
    };
    return replaced(store, { claim });
  };
  const process = { model: calls.script, concurrency, pollMs: 60_000, runs };
  return withProcesses([process], async (platform) => {
    await looking.promise;
    await test(platform, calls);
    gate.resolve();
  });
}

it('a tenant cannot take all places of a process by starting runs while others may be queued', async () => {
  await withHeldClaim(64, async (platform) => {
    expect(await accept(platform, 'quiet-1', 'quiet 1')).toMatchObject({ status: 'running' });
    const started = [];
    for (let run = 0; run < 40; run += 1) started.push((await accept(platform, 'noisy', 'noisy')).status);
    expect(started.filter((status) => status === 'running')).toHaveLength(32);
    expect(await accept(platform, 'quiet-2', 'quiet 2')).toMatchObject({ status: 'running' });
  });
});

it('a tenant that is alone in a process may take all its places', async () => {
  await withHeldClaim(12, async (platform) => {
    const started = [];
    for (let run = 0; run < 7; run += 1) started.push((await accept(platform, 'noisy', 'noisy')).status);
    expect(started).toEqual([...Array(6).fill('running'), 'queued']);
  });
});

it('a worker with few places has room for a run that is accepted while it looks at the queue', async () => {
  await withHeldClaim(2, async (platform, calls) => {
    expect(await accept(platform, 'one', 'quiet 1')).toMatchObject({ status: 'running' });
    expect(await calls.nextStart()).toBe('quiet 1');
  });
});
