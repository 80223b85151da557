import type { ArgumentPattern } from '@batuta/contract';
import { withPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { countingTool, type CountingTool } from '../scenario/tool-fixtures.ts';
import { dataOf, decide, decideAndWait, pending } from './decisions.ts';

const agents = [{ permissions: [{ ask: 'refund' }] }];
const pattern: ArgumentPattern = { order: { equals: 7 }, amount: { between: [0, 100] } };

/** A model that asks for one refund in each answer, then says so. */
function refunds(...calls: object[]) {
  const answers = calls.map((each) => ({ calls: [{ tool: 'refund', arguments: each }] }));
  return [...answers, { text: 'Done.' }];
}

function setUp(refund: CountingTool, model: TestPlatformOptions['model']): TestPlatformOptions {
  return { model, agents, tools: [refund.tool] } as TestPlatformOptions;
}

const small = { order: 7, amount: 10 };
const other = { order: 7, amount: 60 };

describe('an approval for the session', () => {
  it('lets later calls that match run without a question, each naming it', async () => {
    const refund = countingTool('refund');
    await withPlatform(setUp(refund, refunds(small, other)), async (platform) => {
      await platform.run('Go');
      const [first] = await pending(platform);
      const run = await decideAndWait(platform, { decision: 'approve', for_session: { pattern } });
      expect(run).toMatchObject({ status: 'succeeded', turns: 3 });
      expect(refund.executions.map(({ input }) => input)).toEqual([small, other]);
      expect(await dataOf(platform, run, 'approval-requested')).toHaveLength(1);
      expect(await dataOf(platform, run, 'approval-applied')).toMatchObject([{ approval_id: first?.id }]);
      const claims = await dataOf(platform, run, 'tool-call-claimed');
      expect(claims.map((claim) => claim.approval_id)).toEqual([first?.id, first?.id]);
    });
  });

  it.each([
    ['a value that the pattern does not allow', { order: 7, amount: 101 }],
    ['an argument that the pattern does not name', { order: 7, amount: 10, to: 'me' }],
    ['an argument missing', { amount: 10 }],
  ])('does not cover a call with %s', async (_, call) => {
    const refund = countingTool('refund');
    await withPlatform(setUp(refund, refunds(small, call)), async (platform) => {
      await platform.run('Go');
      const run = await decideAndWait(platform, { decision: 'approve', for_session: { pattern } });
      expect(run).toMatchObject({ status: 'waiting', waiting_for: 'approval' });
      expect(refund.executions).toHaveLength(1);
    });
  });

  it('holds for the next run of the session and for no other session', async () => {
    const refund = countingTool('refund');
    const model = [...refunds(small), ...refunds(other), ...refunds(small)];
    await withPlatform(setUp(refund, model), async (platform) => {
      const { session_id: sessionId } = await platform.run('Go');
      await decideAndWait(platform, { decision: 'approve', for_session: { pattern } });
      expect(await platform.run('Again', { sessionId })).toMatchObject({ status: 'succeeded' });
      expect(await platform.run('Elsewhere')).toMatchObject({ waiting_for: 'approval' });
      expect(refund.executions).toHaveLength(2);
    });
  });

  it('is not in a copy of the session', async () => {
    const refund = countingTool('refund');
    const model = [...refunds(small), ...refunds(small)];
    await withPlatform(setUp(refund, model), async (platform) => {
      const { session_id: source } = await platform.run('Go');
      await decideAndWait(platform, { decision: 'approve', for_session: { pattern } });
      const { id: sessionId } = await platform.application.sessions.fork(platform.identity, source);
      expect(await platform.run('Again', { sessionId })).toMatchObject({ waiting_for: 'approval' });
    });
  });

  it('never lifts what a rule denies', async () => {
    const refund = countingTool('refund');
    const both = [{ permissions: [{ ask: 'refund' }] }];
    const options = setUp(refund, [...refunds(small), ...refunds(small)]);
    await withPlatform({ ...options, agents: both }, async (first) => {
      const { session_id: sessionId } = await first.run('Go');
      await decideAndWait(first, { decision: 'approve', for_session: { pattern } });
      await first.worker?.stop(1_000);
      const stricter = [{ permissions: [{ ask: 'refund' }, { deny: 'refund' }] }];
      await withPlatform(
        { ...options, model: refunds(small), agents: stricter, share: first },
        async (second) => {
          const run = await second.run('Again', { sessionId });
          expect(run).toMatchObject({ status: 'succeeded' });
          expect(await dataOf(second, run, 'tool-call-settled')).toMatchObject([
            { outcome: 'succeeded' },
            { outcome: 'denied' },
          ]);
          expect(refund.executions).toHaveLength(1);
        },
      );
    });
  });

  it('ends when the rules are others', async () => {
    const refund = countingTool('refund');
    const options = setUp(refund, refunds(small));
    await withPlatform(options, async (first) => {
      const { session_id: sessionId } = await first.run('Go');
      await decideAndWait(first, { decision: 'approve', for_session: { pattern } });
      await first.worker?.stop(1_000);
      const changed = [{ permissions: [{ ask: 'refund' }, { ask: 'mail' }] }];
      await withPlatform({ ...options, agents: changed, share: first }, async (second) => {
        expect(await second.run('Again', { sessionId })).toMatchObject({ waiting_for: 'approval' });
      });
    });
  });

  it('outlives the compaction of the history and a restart', async () => {
    const refund = countingTool('refund', { execute: async () => 'x'.repeat(3_000) });
    const model = ({ messages }: { messages: readonly { role: string }[] }) =>
      messages.at(-1)?.role === 'tool'
        ? { text: 'Done.' }
        : { calls: [{ tool: 'refund', arguments: small }] };
    const settings = { contextShare: 0.02 };
    await withPlatform({ ...setUp(refund, model), settings }, async (first) => {
      const { session_id: sessionId } = await first.run('Go');
      await decideAndWait(first, { decision: 'approve', for_session: { pattern } });
      for (const input of ['1', '2', '3', '4']) {
        expect(await first.run(input, { sessionId })).toMatchObject({ status: 'succeeded' });
      }
      const log = await first.events(sessionId);
      expect(log.findLast((event) => event.kind === 'history-compacted')?.data).toMatchObject({
        grants: [{ tool: 'refund', session_id: sessionId }],
      });
      await withPlatform({ ...setUp(refund, model), settings, share: first }, async (second) => {
        expect(await second.run('Again', { sessionId })).toMatchObject({ status: 'succeeded' });
      });
    });
  });

  it('does not cover a call that needs a higher role than the one it was given with', async () => {
    const refund = countingTool('refund');
    const higher = {
      ask: 'refund',
      arguments: { amount: { at_least: 50 } },
      approver: 'administrator' as const,
    };
    const rules = [{ permissions: [{ ask: 'refund' }, higher] }];
    const options = { ...setUp(refund, refunds(small, other)), agents: rules };
    await withPlatform(options, async (platform) => {
      await platform.run('Go');
      const run = await decideAndWait(platform, { decision: 'approve', for_session: { pattern } });
      expect(run).toMatchObject({ waiting_for: 'approval' });
      expect(await pending(platform)).toMatchObject([{ needed_role: 'administrator' }]);
    });
  });

  it('does not cover a call of a run that has read what nobody knew of then', async () => {
    const refund = countingTool('refund');
    const web = countingTool('web', { readOnly: true });
    const open = { ...web.tool, annotations: { ...web.tool.annotations, openWorld: true } };
    const model = [...refunds(small).slice(0, 1), { calls: [{ tool: 'web' }] }, ...refunds(other)];
    const readers = [{ permissions: [{ ask: 'refund' }, { allow: 'web' }] }];
    await withPlatform({ model, agents: readers, tools: [refund.tool, open] }, async (platform) => {
      await platform.run('Go');
      const run = await decideAndWait(platform, { decision: 'approve', for_session: { pattern } });
      expect(run).toMatchObject({ waiting_for: 'approval' });
      expect(await pending(platform)).toMatchObject([{ labels: ['untrusted'] }]);
      expect(refund.executions).toHaveLength(1);
    });
  });

  it('is refused when its pattern does not cover the call itself', async () => {
    const refund = countingTool('refund');
    await withPlatform(setUp(refund, refunds(small)), async (platform) => {
      await platform.run('Go');
      const wrong = { pattern: { order: { equals: 8 }, amount: { any: true } } } as const;
      await expect(decide(platform, { decision: 'approve', for_session: wrong })).rejects.toMatchObject({
        code: 'approval-pattern-mismatch',
        data: { argument: 'order' },
      });
      expect(await pending(platform)).toHaveLength(1);
    });
  });
});
