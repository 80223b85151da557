import { join } from 'node:path';
import { endWorkerProcesses, startWorkerProcess, type WorkerHandle } from '@batuta/testkit/crash';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { listenLocally, type LocalServer } from '../browser/egress-kit.ts';
import { onBothDatabases, type HandPlace } from './hand-places.ts';

const scenario = join(import.meta.dirname, 'clicker-scenario.ts');
let site: LocalServer;
let posted = 0;
let killOnPost: WorkerHandle | undefined;
let lastCase = 0;

beforeAll(async () => {
  site = await listenLocally((request, response) => {
    if (request.method === 'POST') posted += 1;
    if (request.method === 'POST') killOnPost?.signal('SIGKILL');
    response.setHeader('content-type', 'text/html').end('<form method="post"><button>Send</button></form>');
  });
});
afterEach(async () => {
  killOnPost = undefined;
  posted = 0;
  await endWorkerProcesses();
});
afterAll(() => site.close());

/** Kills a process at a point, or when the site has been sent something, and lets another one finish the run. */
async function killed(place: HandPlace, order: string | null) {
  lastCase += 1;
  const key = `case-${lastCase}`;
  const outside = `${site.url}/`;
  const setup = { database: place.database(), scenario, outside, leaseMs: 1_000, pollMs: 50 };
  const victim = await startWorkerProcess(setup);
  await victim.ask('arm', { order });
  if (order === null) killOnPost = victim;
  const request = { agent: 'clicker', input: `Click (${key}).`, key };
  const accepted = victim.ask('accept', request);
  // It may be gone before it has answered.
  await Promise.allSettled([victim.ask('start', {}), accepted, victim.died]);
  const next = await startWorkerProcess(setup);
  await next.ask('start', {});
  const { id } = await next.ask('accept', request);
  const run = await next.ask('finish', { runId: id, decision: 'done' });
  const { events } = await next.ask('dump', { key });
  const ofSubmit = events.filter(({ data }) => data['call_id'] === 'submit');
  const settled = ofSubmit.filter(({ kind }) => kind === 'tool-call-settled');
  return { run, settled, unknown: ofSubmit.filter(({ kind }) => kind === 'tool-call-unknown').length };
}

type Moment = readonly [when: string, order: string | null];
const late: readonly Moment[] = [
  ['when it has been sent', null],
  ['before it is settled', 'commit-before:3:kill'],
];
const moments: readonly Moment[] = [
  ['before it is claimed', 'commit-before:2:kill'],
  ['when it is claimed', 'tool-before:1:kill:name=browser_submit'],
  ['when the page has answered', 'tool-after:1:kill:name=browser_submit'],
  ...late,
  ['after it is settled', 'commit-after:3:kill'],
];

onBothDatabases((place) => {
  it.each(place.cases(moments, late))(
    'a form is sent once at most when the process is killed %s',
    { timeout: 120_000 },
    async (_when, order) => {
      const { run, settled, unknown } = await killed(place, order);
      expect(run).toMatchObject({ status: 'succeeded', output: { text: 'All is sent.' } });
      expect(settled).toHaveLength(1);
      expect(posted).toBeLessThanOrEqual(1);
      // What the platform itself says of it is true; where it does not know, it has asked.
      const outcome = settled[0]?.data['outcome'];
      const known = posted === 1 ? 'succeeded' : 'failed';
      expect([known, unknown === 1 ? outcome : known]).toContain(outcome);
      expect(unknown).toBeLessThanOrEqual(1);
    },
  );
});
