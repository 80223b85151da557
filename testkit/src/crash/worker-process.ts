/**
 * A worker of a test as a process of its own: a real database, a whole platform without a door, tools whose effects happen
 * in the test's outside world. It does what it is asked on its standard input (`worker-protocol.ts`), and crashes where
 * `BATUTA_CRASH` or the request `arm` say.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { BatutaError, isEnded, type Approval, type DecideApproval, type Run } from '@batuta/contract';
import { openDatabase } from '@batuta/platform/database';
import { crashVariable, formatCrashOrder, parseCrashOrder } from './crash-order.ts';
import { CrashProbe } from './crash-probe.ts';
import { composeWorker, tenant, type ComposedWorker } from './compose-worker.ts';
import { readStoredCase } from './stored-case.ts';
import { setupVariable } from './worker-handle.ts';
import type { WorkerNews, WorkerRequestName, WorkerRequests, WorkerSetup } from './worker-protocol.ts';
import { SignalProbe } from '../platform/signal-probe.ts';
import type { ScenarioModule } from './worker-scenario.ts';

type Handlers = {
  [Name in WorkerRequestName]: (
    asked: WorkerRequests[Name]['asks'],
  ) => Promise<WorkerRequests[Name]['answers']>;
};

/** Written at once, also when the process dies in the next moment. */
function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

function tell(news: WorkerNews): void {
  say(news);
}

const setup = JSON.parse(process.env[setupVariable] ?? '{}') as WorkerSetup;
const ordered = process.env[crashVariable];
const signals = new SignalProbe();
const probe = new CrashProbe({
  order: ordered === undefined ? null : parseCrashOrder(ordered),
  inner: {
    reach: (point, detail) => {
      if (point === 'claim-after') tell({ news: 'claimed', runId: detail.runId });
      if (point === 'run-ended') tell({ news: 'ended', runId: detail.runId });
      return signals.reach(point, detail);
    },
  },
  onCrash: (order) => tell({ news: 'crash', order: formatCrashOrder(order) }),
});
const stores = await openDatabase(setup.database);
await stores.database.migrate();
const module = (await import(pathToFileURL(setup.scenario).href)) as ScenarioModule;
const scenario = module.makeScenario({ outside: setup.outside, signals });
const platform = await composeWorker({ setup, stores, scenario, probe });
const handlers = makeHandlers(platform);

createInterface({ input: process.stdin }).on('line', (line) => void answer(line));
tell({ news: 'ready' });

async function answer(line: string): Promise<void> {
  const { id, name, asked } = JSON.parse(line) as { id: number; name: WorkerRequestName; asked: never };
  try {
    say({ id, answer: await handlers[name](asked) });
    if (name === 'stop') process.exit(0);
  } catch (error) {
    say({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function makeHandlers({ composed, identity }: ComposedWorker): Handlers {
  const { application, worker } = composed;
  return {
    start: async () => {
      composed.start();
      return null;
    },
    arm: async ({ order }) => {
      probe.arm(order === null ? null : parseCrashOrder(order));
      return null;
    },
    accept: ({ agent, input, key }) => application.runs.accept(identity, { agent, input }, key),
    finish: (asked) => finish(asked),
    decide: ({ runId, plan }) => decideAll(runId, (callId) => plan[callId]),
    idle: async () => {
      const isIdle = () => (worker?.size ?? 0) === 0;
      while (!isIdle()) await new Promise((resolve) => setImmediate(resolve));
      return null;
    },
    dump: ({ key }) => readStoredCase(stores.engine, key),
    passed: async () => [...signals.passed],
    stop: async () => {
      await composed.stop(1_000);
      await stores.database.close();
      return null;
    },
  };
}

/** Looks at the run whenever a run of this process has ended or was let go. */
async function finish({ runId, decision, plan = {} }: WorkerRequests['finish']['asks']): Promise<Run> {
  const { application } = platform.composed;
  const bodyOf = (callId: string) => plan[callId] ?? (decision === null ? undefined : { decision });
  for (;;) {
    const moved = Promise.race([signals.next('run-ended'), signals.next('run-released')]);
    const run = await application.runs.get(platform.identity, runId);
    if (isEnded(run.status)) return run;
    if (run.status === 'waiting') await decideAll(runId, bodyOf);
    await moved;
  }
}

/** A decision that was recorded before its process died cannot be made again: then it stands. */
async function decideAll(
  runId: string,
  bodyOf: (callId: string) => DecideApproval | undefined,
): Promise<Approval[]> {
  const { approvals } = platform.composed.application;
  const decided: Approval[] = [];
  for (const { id, callId } of await stores.approvals.list(tenant, { pending: true, runId, limit: 100 })) {
    const body = bodyOf(callId);
    if (body === undefined) continue;
    try {
      decided.push(await approvals.decide(platform.identity, id, body));
    } catch (error) {
      if (!BatutaError.has(error, 'approval-decided-already')) throw error;
    }
  }
  return decided;
}
