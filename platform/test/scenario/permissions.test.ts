import type { Approval, ApprovalDecision, Run } from '@batuta/contract';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { CrashingRuns } from './crashing-runs.ts';
import { callOnce, expectSendable, family, lastResults } from './model-fixtures.ts';
import { letTimePass } from './passing-time.ts';
import { accept, ended } from './processes.ts';
import { countingTool } from './tool-fixtures.ts';

const order = { order: 7 };
const refundOrder = { tool: 'refund', arguments: order };

async function pending(platform: TestPlatform): Promise<Approval[]> {
  const page = await platform.application.approvals.list(platform.identity, { pending: true, limit: 10 });
  return page.items;
}

/** Decides the oldest question that is open, and waits for the end of its run or its next wait. */
async function decide(
  platform: TestPlatform,
  made: { decision: ApprovalDecision; reason?: string },
): Promise<Run> {
  const approval = (await pending(platform)).at(-1);
  await platform.application.approvals.decide(platform.identity, approval?.id ?? '', made);
  return ended(platform, approval?.run_id ?? '');
}

async function kinds(platform: TestPlatform, run: Run): Promise<string[]> {
  return (await platform.events(run.session_id)).map(({ kind }) => kind);
}

async function outcomes(platform: TestPlatform, run: Run): Promise<string[]> {
  const log = await platform.events(run.session_id);
  return log.flatMap((event) => (event.kind === 'tool-call-settled' ? [event.data.outcome] : []));
}

describe('a call that a rule denies', () => {
  const agents = [{ permissions: [{ deny: 'refund' }, { allow: 'read' }] }];

  it('never runs, and the model is told so beside the results of the other calls', async () => {
    const refund = countingTool('refund');
    const read = countingTool('read', { readOnly: true });
    const model = callOnce(refundOrder, { tool: 'read' });
    await withPlatform({ model, agents, tools: [refund.tool, read.tool] }, async (platform) => {
      const run = await platform.run('Go');
      expect(run).toMatchObject({ status: 'succeeded', turns: 2 });
      expect([refund.executions, read.executions]).toMatchObject([[], [{}]]);
      expect((await outcomes(platform, run)).toSorted()).toEqual(['denied', 'succeeded']);
      expect(await kinds(platform, run)).not.toContain('tool-call-claimed');
      expect(lastResults(platform.model.requests[1])).toMatchObject([
        { isError: true, content: expect.stringContaining('"deny: refund"') },
        { isError: false, content: 'done 1' },
      ]);
    });
  });

  it('is refused whatever its arguments, and its tool is not offered', async () => {
    const refund = countingTool('refund');
    const model = callOnce({ tool: 'refund', arguments: { order: 'of nobody' } }, { tool: 'nothing' });
    await withPlatform({ model, agents, tools: [refund.tool] }, async (platform) => {
      const run = await platform.run('Go');
      expect(await outcomes(platform, run)).toEqual(['denied', 'failed']);
      const [asked, told] = platform.model.requests;
      expect(asked?.tools.map(({ name }) => name)).toEqual(['ask_user', 'wait_until']);
      expect(lastResults(told)[1]?.content).toContain('The tools are: ask_user, wait_until.');
    });
  });

  it('starts no agent', async () => {
    const parent = callOnce({ tool: 'agent_helper', arguments: { task: 'Help me.' } });
    const [assistant, helper] = family(parent, () => ({ text: 'Helped.' })).agents ?? [];
    const denied = [{ ...assistant, permissions: [{ deny: 'agent:helper' }] }, { ...helper }];
    await withPlatform({ model: parent, agents: denied }, async (platform) => {
      const run = await platform.run('Go');
      expect(await outcomes(platform, run)).toEqual(['denied']);
      expect(await kinds(platform, run)).not.toContain('child-run-started');
    });
  });
});

describe('a call that a rule asks about', () => {
  const agents = [{ permissions: [{ ask: 'refund' }] }];

  it('waits for a person while the others run, and runs once when it is approved', async () => {
    const refund = countingTool('refund');
    const read = countingTool('read', { readOnly: true });
    const model = callOnce(refundOrder, { tool: 'read' });
    await withPlatform({ model, agents, tools: [refund.tool, read.tool] }, async (platform) => {
      expect(await platform.run('Go')).toMatchObject({ status: 'waiting', waiting_for: 'approval' });
      expect([refund.executions, read.executions]).toMatchObject([[], [{}]]);
      expect(await pending(platform)).toMatchObject([
        { tool: 'refund', arguments: '{"order":7}', reason: 'policy', decisions: ['approve', 'deny'] },
      ]);
      const run = await decide(platform, { decision: 'approve' });
      expect(run).toMatchObject({ status: 'succeeded', turns: 2 });
      expect(refund.executions).toMatchObject([{ input: order }]);
      expectSendable(platform.model.requests[1]?.messages ?? []);
    });
  });

  it('is claimed, when it is an effect, after it was approved and before it starts', async () => {
    const refund = countingTool('refund');
    await withPlatform({ model: callOnce(refundOrder), agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      const run = await decide(platform, { decision: 'approve' });
      expect(await kinds(platform, run)).toEqual([
        'run-started',
        'message-added',
        'model-call-settled',
        'approval-requested',
        'run-suspended',
        'run-resumed',
        'approval-decided',
        'tool-call-claimed',
        'tool-call-settled',
        'model-call-settled',
        'run-succeeded',
      ]);
    });
  });

  it('is denied with the reason that the person gave', async () => {
    const refund = countingTool('refund');
    await withPlatform({ model: callOnce(refundOrder), agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      const run = await decide(platform, { decision: 'deny', reason: 'Too much.' });
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(refund.executions).toEqual([]);
      expect(await outcomes(platform, run)).toEqual(['denied']);
      expect(lastResults(platform.model.requests[1])[0]?.content).toContain('Too much.');
    });
  });

  it('is denied when nobody decides in time, and a late decision is refused', async () => {
    const refund = countingTool('refund');
    const options = { model: callOnce(refundOrder), agents, tools: [refund.tool], pollMs: 20 };
    await withPlatform(options, async (platform) => {
      const { id } = await platform.run('Go');
      const [approval] = await pending(platform);
      const woken = platform.signals.next('run-ended');
      await letTimePass(platform, 25 * 60);
      await woken;
      const run = await ended(platform, id);
      expect([await outcomes(platform, run), refund.executions]).toEqual([['denied'], []]);
      const late = platform.application.approvals.decide(platform.identity, approval?.id ?? '', {
        decision: 'approve',
      });
      await expect(late).rejects.toMatchObject({ code: 'approval-expired' });
    });
  });

  it('needs an approval of its own, also when an equal one was approved before', async () => {
    const refund = countingTool('refund');
    const calls = [refundOrder];
    const other = [{ tool: 'refund', arguments: { order: 8 } }];
    const model = [{ calls }, { calls }, { calls: other }, { text: 'Done.' }];
    await withPlatform({ model, agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      expect(await decide(platform, { decision: 'approve' })).toMatchObject({ waiting_for: 'approval' });
      expect(await decide(platform, { decision: 'deny' })).toMatchObject({ waiting_for: 'approval' });
      expect(await decide(platform, { decision: 'approve' })).toMatchObject({ status: 'succeeded' });
      expect(refund.executions.map(({ input }) => input)).toEqual([order, { order: 8 }]);
    });
  });

  it('is decided apart from the other calls of its answer', async () => {
    const refund = countingTool('refund');
    const model = callOnce(refundOrder, { tool: 'refund', arguments: { order: 8 } });
    await withPlatform({ model, agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      expect(await decide(platform, { decision: 'approve' })).toMatchObject({ waiting_for: 'approval' });
      expect(refund.executions).toHaveLength(1);
      const run = await decide(platform, { decision: 'deny' });
      expect(run).toMatchObject({ status: 'succeeded' });
      expect((await outcomes(platform, run)).toSorted()).toEqual(['denied', 'succeeded']);
      expectSendable(platform.model.requests[1]?.messages ?? []);
    });
  });

  it('is put to nobody when it could not be executed anyway', async () => {
    const model = callOnce({ tool: 'wait_until', arguments: { seconds: -1 } });
    const rules = [{ permissions: [{ ask: 'wait_until' }] }];
    await withPlatform({ model, agents: rules }, async (platform) => {
      const run = await platform.run('Go');
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(await outcomes(platform, run)).toEqual(['failed']);
      expect(await kinds(platform, run)).not.toContain('approval-requested');
    });
  });

  it('makes the run wait for what it waits for, once it is approved', async () => {
    const model = callOnce({ tool: 'ask_user', arguments: { question: 'Which one?' } });
    const rules = [{ permissions: [{ ask: '*' }] }];
    await withPlatform({ model, agents: rules }, async (platform) => {
      await platform.run('Go');
      const asked = await decide(platform, { decision: 'approve' });
      expect(asked).toMatchObject({ status: 'waiting', waiting_for: 'input' });
      await platform.application.runs.addMessage(platform.identity, asked.id, 'The red one.');
      expect(await ended(platform, asked.id)).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])[0]?.content).toBe('The red one.');
    });
  });
});

describe('an approved call', () => {
  const agents = [{ permissions: [{ ask: 'refund' }] }];

  it('that was under way when its process died is not taken for approved again', async () => {
    const refund = countingTool('refund', { destructive: true, execute: () => new Promise(() => undefined) });
    const crashing = new CrashingRuns();
    const process = { model: callOnce(refundOrder), agents, tools: [refund.tool], pollMs: 20 };
    await withPlatform({ ...process, runs: crashing.wrap }, async (first) => {
      await accept(first);
      await first.signals.reached('run-released');
      const [approval] = await pending(first);
      await first.application.approvals.decide(first.identity, approval?.id ?? '', { decision: 'approve' });
      await first.signals.reached('tool-before');
      await crashing.crash();
      await withPlatform({ ...process, share: first }, async (second) => {
        expect(await ended(second, approval?.run_id ?? '')).toMatchObject({ waiting_for: 'approval' });
        expect(await pending(second)).toMatchObject([{ reason: 'unknown-outcome' }]);
        expect(await decide(second, { decision: 'failed' })).toMatchObject({ status: 'succeeded' });
        expect(refund.executions).toHaveLength(1);
      });
    });
  });
});
