import { endWorkerProcesses, startWorkerProcess } from '@batuta/testkit/crash';
import { startOutsideWorld, type OutsideWorld } from '@batuta/testkit/crash/outside-world';
import { startPostgres, type PostgresServer } from '@batuta/testkit/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptRequest, nextKey, setupAt } from './crash-relay.ts';
import { expectRules } from './rules.ts';

const runsAtOnce = 4;

/** A run of which nothing was looked at before it was finished. */
const nothing = {
  before: { runs: [], events: [], effects: [], approvals: [], ledger: [], accounts: [] },
  effectsBefore: [],
  recoveryMs: null,
};

describe('a PostgreSQL server that is killed with kill -9 and started again', () => {
  let outside: OutsideWorld;
  let server: PostgresServer;

  beforeEach(async () => {
    [outside, server] = await Promise.all([startOutsideWorld(), startPostgres()]);
  });

  afterEach(async () => {
    await endWorkerProcesses();
    await Promise.all([outside.close(), server.stop()]);
  });

  it('has every acknowledged run, and the same process finishes them', { timeout: 90_000 }, async () => {
    const worker = await startWorkerProcess(setupAt({ database: { url: server.url }, outside }));
    await worker.ask('start', {});
    const restarted = crashAtFirst('clerk_2_3', { outside, server });
    const keys = Array.from({ length: runsAtOnce }, nextKey);
    const answers = await Promise.allSettled(keys.map((key) => worker.ask('accept', acceptRequest(key))));
    await restarted;
    // Whoever got no answer asks again.
    const accepted = await Promise.all(keys.map((key) => worker.ask('accept', acceptRequest(key))));
    const ids = accepted.map(({ id }) => id);
    expect(ids).toEqual(answers.map((each, index) => acknowledgedBy(each) ?? ids[index]));
    const statuses: string[] = [];
    for (const [index, { id }] of accepted.entries()) {
      const run = await worker.ask('finish', { runId: id, decision: 'done' });
      statuses.push(run.status);
      const after = await worker.ask('dump', { key: keys[index] ?? '' });
      const effectsAfter = outside.effects.filter(({ runId }) =>
        after.runs.some((each) => each.id === runId),
      );
      const name = `run ${index + 1}`;
      expectRules({ ...nothing, name, acknowledged: null, repeatedId: id, run, after, effectsAfter });
    }
    expect(statuses).toEqual(keys.map(() => 'succeeded'));
  });
});

function acknowledgedBy(answer: PromiseSettledResult<{ id: string }>): string | undefined {
  return answer.status === 'fulfilled' ? answer.value.id : undefined;
}

/** Kills the server when the first call of this id has taken place, and answers the call when the server is back. */
function crashAtFirst(
  callId: string,
  { outside, server }: { outside: OutsideWorld; server: PostgresServer },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  outside.beforeAnswer = (effect) => {
    if (effect.callId !== callId) return undefined;
    outside.beforeAnswer = null;
    const back = server.crash().then(() => server.restart());
    back.then(resolve, reject);
    return back;
  };
  // Reported where it is awaited, also when the test has failed before.
  promise.catch(() => undefined);
  return promise;
}
