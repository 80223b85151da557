import type { Identity } from '@batuta/platform/composition';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { callOnce } from './model-fixtures.ts';
import { countingTool } from './tool-fixtures.ts';

/** Ids of everything that a tenant can have. */
interface Belongings {
  run: string;
  session: string;
  approval: string;
  artifact: string;
}

const sink = { write: () => undefined, end: () => undefined };
const page = { limit: 50 };

type Attempt = (platform: TestPlatform, who: Identity, ids: Belongings) => Promise<unknown>;

/** Everything that can be asked about a thing by its id, and what a stranger is told. */
const attempts: Record<string, { code: string; ask: Attempt }> = {
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

/** A tenant's run with a large result and an effect whose outcome a person must tell. */
async function withBelongings(
  test: (platform: TestPlatform, ids: Belongings) => Promise<void>,
): Promise<void> {
  const read = countingTool('read', { readOnly: true, execute: async () => 'x'.repeat(10_000) });
  const write = countingTool('write', {
    destructive: true,
    timeoutMs: 10,
    execute: () => new Promise(() => undefined),
  });
  const model = callOnce({ tool: 'read' }, { tool: 'write' });
  await withPlatform({ tools: [read.tool, write.tool], model }, async (platform) => {
    const run = await platform.run('Go');
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

describe('somebody of another tenant', () => {
  it.each(Object.entries(attempts))('is told by %s that there is no such thing', async (_, { code, ask }) => {
    await withBelongings(async (platform, ids) => {
      const refused = ask(platform, platform.stranger, ids);
      await expect(refused).rejects.toMatchObject({ code, status: 404 });
      expect((await platform.application.runs.get(platform.identity, ids.run)).status).toBe('waiting');
    });
  });

  it('finds nothing in any list, and the owner does', async () => {
    await withBelongings(async ({ application, identity, stranger }, ids) => {
      const lists = (who: Identity) =>
        Promise.all([
          application.runs.list(who, page),
          application.runs.list(who, { ...page, session_id: ids.session }),
          application.sessions.list(who, page),
          application.approvals.list(who, { ...page, pending: false }),
        ]);
      for (const list of await lists(stranger)) expect(list).toEqual({ items: [], next_cursor: null });
      for (const list of await lists(identity)) expect(list.items).toHaveLength(1);
    });
  });

  it('can use the same idempotency key for a run of their own', async () => {
    await withPlatform({ model: () => ({ text: 'Ok.' }) }, async ({ application, identity, stranger }) => {
      const body = { agent: 'assistant', input: 'Go' };
      const mine = await application.runs.accept(identity, body, 'key-1');
      const theirs = await application.runs.accept(stranger, body, 'key-1');
      expect(theirs.id).not.toBe(mine.id);
      expect(await application.runs.accept(identity, body, 'key-1')).toMatchObject({ id: mine.id });
    });
  });

  it('cannot have an artifact read by their agent', async () => {
    await withBelongings(async (platform, ids) => {
      const found = await platform.stores.artifacts.read(platform.stranger.tenantId, ids.artifact, {
        offset: 0,
        length: 10,
      });
      expect(found).toBeUndefined();
    });
  });
});
