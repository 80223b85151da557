import type { Run } from '@batuta/contract';
import type { Identity } from '@batuta/platform/composition';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { expect } from 'vitest';
import { callOnce } from './model-fixtures.ts';
import { countingTool } from './tool-fixtures.ts';

/** Ids of everything that a tenant can have. */
export interface Belongings {
  run: string;
  session: string;
  approval: string;
  artifact: string;
}

const sink = { write: () => undefined, end: () => undefined };
export const page = { limit: 50 };

type Attempt = (platform: TestPlatform, who: Identity, ids: Belongings) => Promise<unknown>;

/** Everything that can be asked about a thing by its id, and what a stranger is told. */
export const attempts: Record<string, { code: string; ask: Attempt }> = {
  'runs.get': { code: 'run-unknown', ask: ({ application: a }, who, { run }) => a.runs.get(who, run) },
  'runs.waitForEnd': {
    code: 'run-unknown',
    ask: ({ application: a }, who, { run }) =>
      a.runs.waitForEnd(who, run, { seconds: 0, signal: new AbortController().signal }),
  },
  'runs.cancel': { code: 'run-unknown', ask: ({ application: a }, who, { run }) => a.runs.cancel(who, run) },
  'runs.addMessage': {
    code: 'run-unknown',
    ask: ({ application: a }, who, { run }) => a.runs.addMessage(who, run, 'Hello'),
  },
  'runs.retry': { code: 'run-unknown', ask: ({ application: a }, who, { run }) => a.runs.retry(who, run) },
  'runs.accept': {
    code: 'session-unknown',
    ask: ({ application: a }, who, { session }) =>
      a.runs.accept(who, { agent: 'assistant', input: 'Hello', session_id: session }),
  },
  'sessions.get': {
    code: 'session-unknown',
    ask: ({ application: a }, who, { session }) => a.sessions.get(who, session),
  },
  'sessions.delete': {
    code: 'session-unknown',
    ask: ({ application: a }, who, { session }) => a.sessions.delete(who, session),
  },
  'sessions.fork': {
    code: 'session-unknown',
    ask: ({ application: a }, who, { session }) => a.sessions.fork(who, session),
  },
  'approvals.get': {
    code: 'approval-unknown',
    ask: ({ application: a }, who, { approval }) => a.approvals.get(who, approval),
  },
  'approvals.decide': {
    code: 'approval-unknown',
    ask: ({ application: a }, who, { approval }) => a.approvals.decide(who, approval, { decision: 'done' }),
  },
  'artifacts.read': {
    code: 'artifact-unknown',
    ask: ({ application: a }, who, { artifact }) => a.artifacts.read(who, artifact),
  },
  'streams.follow of a run': {
    code: 'run-unknown',
    ask: ({ application: a }, who, { run }) => a.streams.follow(who, { runId: run }, sink),
  },
  'streams.follow of a session': {
    code: 'session-unknown',
    ask: ({ application: a }, who, { session }) => a.streams.follow(who, { sessionId: session }, sink),
  },
};

async function runAs({ application }: TestPlatform, who: Identity): Promise<Run> {
  const { id } = await application.runs.accept(who, { agent: 'assistant', input: 'Go' });
  return application.runs.waitForEnd(who, id, { seconds: 10, signal: new AbortController().signal });
}

/** Somebody's run with a large result and an effect whose outcome a person must tell. */
export async function withBelongings(
  test: (platform: TestPlatform, ids: Belongings) => Promise<void>,
  owner: Partial<Identity> = {},
): Promise<void> {
  const read = countingTool('read', { readOnly: true, execute: async () => 'x'.repeat(10_000) });
  const write = countingTool('write', {
    destructive: true,
    timeoutMs: 10,
    execute: () => new Promise(() => undefined),
  });
  const model = callOnce({ tool: 'read' }, { tool: 'write' });
  await withPlatform({ tools: [read.tool, write.tool], model }, async (platform) => {
    const run = await runAs(platform, { ...platform.identity, ...owner });
    expect(run).toMatchObject({ status: 'waiting', waiting_for: 'approval' });
    const log = await platform.events(run.session_id);
    const asked = log.find((event) => event.kind === 'approval-requested');
    const settled = log.find((event) => event.kind === 'tool-call-settled');
    await test(platform, {
      run: run.id,
      session: run.session_id,
      approval: asked?.data.approval_id ?? '',
      artifact: settled?.data.artifact?.artifact_id ?? '',
    });
  });
}
