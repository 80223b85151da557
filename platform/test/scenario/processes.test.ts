import { BatutaError } from '@batuta/contract';
import type { RunStore } from '@batuta/platform/ports';
import { startTestPlatform, withPlatform } from '@batuta/testkit/platform';
import { describe, expect, inject, it } from 'vitest';
import { PostgresBus } from '../../src/adapter/bus-postgres/postgres-bus.ts';
import { callOnce } from './model-fixtures.ts';
import { accept, ended, replaced, withProcesses } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

/** Nobody looks at the queue unless told. */
const told = { pollMs: 60_000 };

/** A tool that takes until it is let go, and knows when it was told to stop. */
function heldTool(annotations: { readOnly?: boolean } = {}) {
  const gate = Promise.withResolvers<string>();
  const stopped = Promise.withResolvers<void>();
  const execute = (_: unknown, { signal }: { signal: AbortSignal }) => {
    signal.addEventListener('abort', () => stopped.resolve(), { once: true });
    return gate.promise;
  };
  return { ...countingTool('slow', { ...annotations, execute }), gate, stopped: stopped.promise };
}

const databases = ['pglite', 'postgres'] as const;

describe.each(databases)('two processes on %s', (database) => {
  const on = { database, postgresUrl: inject('postgresUrl') };

  it('share the work: one accepts, the other is told and executes', async () => {
    const model = () => ({ text: 'Hello.' });
    await withProcesses(
      [
        { ...on, worker: false },
        { ...told, model },
      ],
      async (api, worker) => {
        for (const input of ['One', 'Two']) {
          const { id, status } = await accept(api, input);
          expect(status).toBe('queued');
          expect(await ended(api, id)).toMatchObject({ status: 'succeeded' });
        }
        expect(worker.model.requests).toHaveLength(2);
        expect(api.model.requests).toHaveLength(0);
      },
    );
  });

  it('hand a run over at a commit point when one of them stops', async () => {
    const slow = heldTool({ readOnly: true });
    const process = { ...on, ...told, tools: [slow.tool], model: callOnce({ tool: 'slow' }) };
    await withProcesses([process, process], async (first, second) => {
      const { id, session_id } = await accept(first);
      await first.signals.reached('tool-before');
      const stopping = first.stop(10_000);
      slow.gate.resolve('read');
      await stopping;
      expect(await ended(second, id)).toMatchObject({ status: 'succeeded' });
      expect(slow.executions).toHaveLength(1);
      const recovered = (await second.events(session_id)).find(({ kind }) => kind === 'run-recovered');
      expect(recovered?.data).toMatchObject({ cause: 'lease-returned' });
    });
  });

  it('hand a run over also when its step does not end in time', async () => {
    const process = { ...on, ...told };
    const hanging = { ...process, model: [{ hangAfterText: 'Hm ' }] };
    const answering = { ...process, model: [{ text: 'Hello.' }] };
    await withProcesses([hanging, answering], async (first, second) => {
      const { id } = await accept(first);
      await first.signals.reached('model-call-first-token');
      await first.stop(0);
      expect(await ended(second, id)).toMatchObject({ status: 'succeeded', output: { text: 'Hello.' } });
    });
  });

  it('never both write: what the slower one commits after a takeover changes nothing', async () => {
    const process = { ...on, ...told, model: [{ text: 'Hello.' }] };
    await withProcesses([process, process], async (first, second) => {
      const held = first.signals.hold('commit-before');
      const { id, session_id } = await accept(first);
      await held.arrived;
      await first.stores.runs.retire(first.worker?.id ?? '');
      second.worker?.queued(id);
      expect(await ended(second, id)).toMatchObject({ status: 'succeeded' });
      const log = await second.events(session_id);
      held.release();
      await first.stop(1_000);
      expect(first.worker?.size).toBe(0);
      expect(await second.events(session_id)).toEqual(log);
      expect(log.filter(({ kind }) => kind === 'model-call-settled')).toHaveLength(1);
    });
  });

  it('notice that a run was taken over: its tool is told to stop', async () => {
    const slow = heldTool();
    const options = { ...on, tools: [slow.tool], model: callOnce({ tool: 'slow' }) };
    // Only the lease of the first may expire, and not so soon that its heartbeat renews it before it is taken over.
    await withProcesses(
      [
        { ...options, leaseMs: 900 },
        { ...options, ...told },
      ],
      async (first, second) => {
        const { id } = await accept(first);
        await first.signals.reached('tool-before');
        await first.stores.runs.retire(first.worker?.id ?? '');
        second.worker?.queued(id);
        await slow.stopped;
        expect(await ended(second, id)).toMatchObject({ status: 'succeeded' });
      },
    );
  });

  it('continue a run of each other: one asks, the other is told the answer', async () => {
    const model = callOnce({ tool: 'ask_user', arguments: { question: 'Which?' } });
    const process = { ...on, ...told, model };
    await withProcesses([process, process], async (first, second) => {
      const waiting = await first.run('Go');
      await first.stop(1_000);
      await second.application.runs.addMessage(second.identity, waiting.id, 'Blue.');
      expect(await ended(second, waiting.id)).toMatchObject({ status: 'succeeded' });
      expect(second.model.requests).toHaveLength(1);
    });
  });

  it('cancel what the other one is doing', async () => {
    const process = { ...on, ...told, model: [{ hangAfterText: 'Hm ' }] };
    await withProcesses([process, { ...process, worker: false }], async (first, second) => {
      const { id } = await accept(first);
      await first.signals.reached('model-call-first-token');
      await second.application.runs.cancel(second.identity, id);
      expect(await ended(second, id)).toMatchObject({ status: 'cancelled' });
    });
  });
});

describe('over LISTEN and NOTIFY', () => {
  it('a run starts in another process because that is told of it', async () => {
    const url = inject('postgresUrl');
    const buses = await Promise.all([PostgresBus.connect(url), PostgresBus.connect(url)]);
    const on = { database: 'postgres', postgresUrl: url } as const;
    const api = { ...on, worker: false, bus: buses[0] };
    const worker = { ...told, bus: buses[1], model: () => ({ text: 'Hello.' }) };
    await withProcesses([api, worker], async (first) => {
      for (const input of ['One', 'Two']) {
        const { id } = await accept(first, input);
        expect(await ended(first, id)).toMatchObject({ status: 'succeeded' });
      }
    });
    await Promise.all(buses.map((bus) => bus.close()));
  });
});

const unreachable = () =>
  Promise.reject(new BatutaError('database-unreachable', { address: 'x', reason: 'gone' }));

describe('a process whose heartbeat does not get through', () => {
  it.each([
    ['fails', unreachable],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])(
    'because it %s stops its runs after the time of a lease, and goes on once it does',
    async (_, broken) => {
      const slow = heldTool({ readOnly: true });
      let isBroken = false;
      const runs = (store: RunStore) =>
        replaced(store, {
          heartbeat: (id, ttl) => (isBroken ? broken() : store.heartbeat(id, ttl)),
        });
      const options = {
        runs,
        leaseMs: 150,
        pollMs: 20,
        tools: [slow.tool],
        model: callOnce({ tool: 'slow' }),
      };
      await withPlatform(options, async (platform) => {
        const { id } = await accept(platform);
        await platform.signals.reached('tool-before');
        isBroken = true;
        await slow.stopped;
        isBroken = false;
        slow.gate.resolve('read');
        await platform.stores.runs.retire(platform.worker?.id ?? '');
        expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      });
    },
  );
});

describe('a lease that nobody knows of', () => {
  it('because the answer to a claim was lost is found, and the run goes on', async () => {
    let isLost = true;
    const runs = (store: RunStore) =>
      replaced(store, {
        claim: async (id, options) => {
          const claimed = await store.claim(id, options);
          if (claimed.length === 0 || !isLost) return claimed;
          isLost = false;
          return unreachable();
        },
      });
    const options = { runs, leaseMs: 150, pollMs: 20, model: () => ({ text: 'Hello.' }) };
    await withProcesses([{ worker: false }, options], async (api) => {
      const { id } = await accept(api);
      expect(await ended(api, id)).toMatchObject({ status: 'succeeded' });
      expect(isLost).toBe(false);
    });
  });

  it('because it expired before anyone took it over, and was renewed, is found, and the run goes on', async () => {
    const slow = heldTool({ readOnly: true });
    let state: 'well' | 'broken' | 'mending' = 'well';
    const heartbeat: RunStore['heartbeat'] = async (id, ttl) => {
      if (state === 'broken') return unreachable();
      state = 'well';
      return platform.stores.runs.heartbeat(id, ttl);
    };
    const claim: RunStore['claim'] = async (id, options) =>
      state === 'well' ? platform.stores.runs.claim(id, options) : [];
    const runs = (store: RunStore) => replaced(store, { heartbeat, claim });
    const options = { runs, leaseMs: 150, pollMs: 20, tools: [slow.tool], model: callOnce({ tool: 'slow' }) };
    const platform = await startTestPlatform(options);
    const { id } = await accept(platform);
    await platform.signals.reached('tool-before');
    state = 'broken';
    await slow.stopped;
    state = 'mending';
    slow.gate.resolve('read');
    expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
    await platform.stop(0);
    platform.stores.release();
  });
});

describe('a commit that the database refuses', () => {
  it('fails the run with an incident instead of leaving it behind', async () => {
    let isBroken = true;
    const runs = (store: RunStore) =>
      replaced(store, {
        commit: (turn) => {
          const isAnswer = turn.events.some(({ kind }) => kind === 'model-call-settled');
          return isBroken && isAnswer ? Promise.reject(new Error('disk full')) : store.commit(turn);
        },
      });
    await withPlatform({ runs, model: () => ({ text: 'Hello.' }) }, async (platform) => {
      const { id, session_id } = await accept(platform);
      expect(await ended(platform, id)).toMatchObject({ status: 'failed', error: { code: 'internal' } });
      isBroken = false;
      await platform.application.runs.retry(platform.identity, id);
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      const kinds = (await platform.events(session_id)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'model-call-settled')).toHaveLength(1);
    });
  });

  it('because it cannot be reached is written once it can, and the end of a run only once', async () => {
    let failures = 2;
    const runs = (store: RunStore) =>
      replaced(store, {
        commit: (turn) => {
          const isEnd = turn.events.some(({ kind }) => kind === 'run-succeeded');
          return isEnd && failures > 0 ? ((failures -= 1), unreachable()) : store.commit(turn);
        },
      });
    await withPlatform({ runs, pollMs: 20, model: () => ({ text: 'Hello.' }) }, async (platform) => {
      const { id, session_id } = await accept(platform);
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded', turns: 1 });
      const kinds = (await platform.events(session_id)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'run-succeeded')).toHaveLength(1);
      expect(kinds.at(-1)).toBe('run-succeeded');
    });
  });
});
