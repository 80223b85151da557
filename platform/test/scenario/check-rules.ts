import type { Event, Run } from '@batuta/contract';
import type { TestPlatform } from '@batuta/testkit/platform';
import { expect } from 'vitest';
import { checkMoney } from './check-money.ts';

/** Executions of effects by their idempotency keys: what the outside world has seen. */
export type Outside = ReadonlyMap<string, number>;

/** Checks, from the log, the rows and the outside world, that the rules held for every run of the tenant. */
export async function checkRules(platform: TestPlatform, outside: Outside): Promise<void> {
  const { items } = await platform.application.runs.list(platform.identity, { limit: 200 });
  for (const run of items) {
    const log = await platform.events(run.session_id);
    checkOrder(log);
    checkLife(log.filter((event) => event.run_id === run.id));
    checkCalls(log, run);
    checkRow(log, run);
    checkOutside(log, { run, outside });
  }
  await checkEffects(platform);
  await checkMoney(platform, items);
}

function checkOrder(log: readonly Event[]): void {
  expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
}

/** In which state each event is possible. Only the end of a run leaves a state that nothing may follow. */
function checkLife(log: readonly Event[]): void {
  let status = 'new';
  for (const { kind } of log) {
    const expected = kind === 'run-started' ? 'new' : kind === 'run-resumed' ? 'waiting' : 'running';
    expect({ kind, status }).toEqual({ kind, status: expected });
    if (kind === 'run-started' || kind === 'run-resumed') status = 'running';
    if (kind === 'run-suspended') status = 'waiting';
    if (kind === 'run-succeeded' || kind === 'run-failed' || kind === 'run-cancelled') status = 'ended';
  }
}

/** Every call of an ended run has exactly one result, and none has a result that was not asked for. */
function checkCalls(log: readonly Event[], run: Run): void {
  const asked = log.flatMap((event) =>
    event.kind === 'model-call-settled'
      ? event.data.parts.flatMap((part) => (part.type === 'tool-call' ? [part.call_id] : []))
      : [],
  );
  const settled = log.flatMap((event) => (event.kind === 'tool-call-settled' ? [event.data.call_id] : []));
  expect(['succeeded', 'failed', 'cancelled']).toContain(run.status);
  expect(settled.toSorted()).toEqual(asked.toSorted());
  expect(new Set(asked).size).toBe(asked.length);
}

/** The row is what the log tells. */
function checkRow(log: readonly Event[], run: Run): void {
  const answers = log.filter((event) => event.kind === 'model-call-settled');
  expect(run.turns).toBe(answers.length);
  const output = answers.reduce((sum, event) => sum + event.data.usage.output_tokens, 0);
  expect(run.usage.output_tokens).toBe(output);
  // A run that was cancelled before it began has no log.
  expect(log.at(-1)?.kind ?? 'run-cancelled').toBe(`run-${run.status}`);
}

/** Nothing was executed without a claim, and nothing again but what was declared or decided to be repeated. */
function checkOutside(log: readonly Event[], { run, outside }: { run: Run; outside: Outside }): void {
  const claims = Map.groupBy(
    log.filter((event) => event.kind === 'tool-call-claimed'),
    (event) => event.data.idempotency_key,
  );
  for (const [key, executions] of outside) {
    if (!key.startsWith(run.id)) continue;
    const claimed = claims.get(key) ?? [];
    expect({ key, executions }).toEqual({ key, executions: Math.min(executions, claimed.length) });
    const callId = claimed[0]?.data.call_id;
    const repeats = log.filter(
      (event) =>
        event.kind === 'tool-call-unknown' &&
        event.data.call_id === callId &&
        event.data.resolution === 'repeat',
    );
    expect(claimed.length).toBeLessThanOrEqual(1 + repeats.length);
  }
}

/** Every effect that was claimed has an outcome once its run has ended. */
async function checkEffects(platform: TestPlatform): Promise<void> {
  const open = await platform.stores.engine.administer((client) =>
    client.query('select run_id, call_id from batuta.effects where outcome is null'),
  );
  expect(open.rows).toEqual([]);
}
