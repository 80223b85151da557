import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWorkerProcesses, startWorkerProcess, type WorkerHandle } from '@batuta/testkit/crash';
import type { StoredCase } from '@batuta/testkit/crash/protocol';
import { afterEach, expect, it } from 'vitest';
import { processesWith } from '../sandbox/host.ts';
import { onBothDatabases, type HandPlace } from './hand-places.ts';
import { slowSeconds } from './scribe-scenario.ts';

const scenario = join(import.meta.dirname, 'scribe-scenario.ts');
let lastCase = 0;

afterEach(() => endWorkerProcesses());

/** Kills a process in the middle of a run, lets another one finish it, and gives what is stored and what stands in the files. */
async function killed(place: HandPlace, order: string | null) {
  lastCase += 1;
  const key = `case-${lastCase}`;
  const world = join(place.folder, key);
  const setup = { database: place.database(), scenario, outside: world, leaseMs: 1_000, pollMs: 50 };
  const victim = await startWorkerProcess(setup);
  await victim.ask('arm', { order });
  const request = { agent: 'scribe', input: `Write (${key}).`, key };
  const accepted = victim.ask('accept', request);
  // It may be gone before it has answered.
  const started = order === null ? undefined : victim.ask('start', {});
  if (!started) await killWhileItRuns(victim, join(world, (await accepted).session_id));
  await Promise.allSettled([started, accepted, victim.died]);
  await untilSlowCommands(0);
  const next = await startWorkerProcess(setup);
  await next.ask('start', {});
  const { id, session_id: sessionId } = await next.ask('accept', request);
  const run = await next.ask('finish', { runId: id, decision: 'done' });
  const file = (name: string): string => {
    const path = join(world, sessionId, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  return {
    run,
    after: await next.ask('dump', { key }),
    ledger: file('ledger').split('\n'),
    note: file('note'),
  };
}

/** Makes the second command slow, and kills the process when it has begun. */
async function killWhileItRuns(victim: WorkerHandle, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'slowly'), '');
  await victim.ask('start', {});
  await untilSlowCommands(1);
  victim.signal('SIGKILL');
}

async function untilSlowCommands(count: number): Promise<void> {
  const running = (): number => processesWith(`sleep\0${slowSeconds}`).length;
  await expect.poll(running, { timeout: 15_000, interval: 10 }).toBe(count);
}

function events(after: StoredCase, kind: string, callId: string): number {
  return after.events.filter((event) => event.kind === kind && event.data['call_id'] === callId).length;
}

/** What became of each call: settled once, with how often its command ran, and whether the platform knew. */
function fates({ after, ledger }: Awaited<ReturnType<typeof killed>>) {
  return ['first', 'slow'].map((callId) => ({
    settled: events(after, 'tool-call-settled', callId),
    times: ledger.filter((line) => line === callId).length,
    unknown: events(after, 'tool-call-unknown', callId),
  }));
}

const late = ['tool-after:1:kill:name=shell', 'commit-before:3:kill'];
const points = [
  'commit-before:2:kill',
  'commit-after:2:kill',
  'tool-before:1:kill:name=shell',
  'tool-before:1:kill:name=write_file',
  'tool-after:1:kill:name=write_file',
  ...late,
  'commit-after:3:kill',
  'tool-after:2:kill:name=shell',
];

onBothDatabases((place) => {
  it.each(place.cases(points, late))(
    'a command takes place once when the process is killed at %s',
    { timeout: 120_000 },
    async (order) => {
      const found = await killed(place, order);
      expect(found.run).toMatchObject({ status: 'succeeded', output: { text: 'All is written.' } });
      expect(found.note).toBe('as it was meant');
      for (const { settled, times, unknown } of fates(found)) {
        expect(settled).toBe(1);
        // Once; or not at all, and then the platform says that it does not know.
        expect(times + (times === 0 ? unknown : 0)).toBe(1);
      }
    },
  );

  it(
    'a command during which the process is killed dies with it, and is told as unknown',
    { timeout: 120_000 },
    async () => {
      const found = await killed(place, null);
      expect(found.run).toMatchObject({ status: 'succeeded', output: { text: 'All is written.' } });
      expect(fates(found)).toEqual([
        { settled: 1, times: 1, unknown: 0 },
        { settled: 1, times: 1, unknown: 1 },
      ]);
    },
  );
});
