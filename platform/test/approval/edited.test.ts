import { withPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { hashArguments } from '../../src/domain/approval/arguments-hash.ts';
import { callOnce, lastResults } from '../scenario/model-fixtures.ts';
import { ended } from '../scenario/processes.ts';
import { countingTool } from '../scenario/tool-fixtures.ts';
import { dataOf, decide, decideAndWait, pending } from './decisions.ts';

const ask = [{ ask: 'refund' }];
const agents = [{ permissions: ask }];
const asked = { tool: 'refund', arguments: { order: 7, amount: 900 } };
const edit = { order: 7, amount: 90 };

/** A tool that takes an order and an amount, both numbers. */
function refundTool(more: Parameters<typeof countingTool>[1] = {}) {
  const counting = countingTool('refund', more);
  const tool: typeof counting.tool = {
    ...counting.tool,
    parse: (value) => {
      const isGood = typeof value === 'object' && value !== null && 'amount' in value;
      return isGood ? { ok: true, value } : { ok: false, summary: '"amount" is missing' };
    },
  };
  return { ...counting, tool };
}

describe('an approval with edited arguments', () => {
  it('runs the call with them and with nothing else, and says so everywhere', async () => {
    const refund = refundTool();
    await withPlatform({ model: callOnce(asked), agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      const decided = await decide(platform, { decision: 'approve', arguments: edit });
      expect(decided).toMatchObject({ status: 'decided', edited_arguments: '{"amount":90,"order":7}' });
      const run = await ended(platform, decided.run_id);
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(refund.executions.map(({ input }) => input)).toEqual([edit]);
      const edited = { arguments: '{"amount":90,"order":7}', arguments_hash: hashArguments(edit) };
      expect(await dataOf(platform, run, 'approval-decided')).toMatchObject([
        { decision: 'approve', edited },
      ]);
      expect(await dataOf(platform, run, 'tool-call-claimed')).toMatchObject([
        { arguments_hash: edited.arguments_hash, approval_id: decided.id },
      ]);
      expect(lastResults(platform.model.requests[1])[0]?.content).toMatch(
        /^A person changed the arguments of this call to \{"amount":90,"order":7\}\. .*\ndone 1$/,
      );
    });
  });

  it.each([
    ['do not fit the tool', { order: 7 }, '"amount" is missing'],
    ['are no object of the tool', {}, 'Nothing was decided'],
  ])('is refused when they %s, and can still be decided', async (_, wrong, reason) => {
    const refund = refundTool();
    await withPlatform({ model: callOnce(asked), agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      const tried = decide(platform, { decision: 'approve', arguments: wrong });
      await expect(tried).rejects.toMatchObject({
        code: 'approval-edit-invalid',
        message: expect.stringContaining(reason),
      });
      expect(await pending(platform)).toHaveLength(1);
      expect(await decideAndWait(platform, { decision: 'deny' })).toMatchObject({ status: 'succeeded' });
      expect(refund.executions).toEqual([]);
    });
  });

  it('that a rule denies is refused with the rule, and can still be decided', async () => {
    const refund = refundTool();
    const limit = { deny: 'refund', arguments: { amount: { at_least: 1_000 } } };
    const rules = [{ permissions: [...ask, limit] }];
    await withPlatform({ model: callOnce(asked), agents: rules, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      const tried = decide(platform, { decision: 'approve', arguments: { order: 7, amount: 1_000 } });
      await expect(tried).rejects.toMatchObject({
        code: 'approval-edit-denied',
        data: { tool: 'refund', rule: expect.stringContaining('deny: refund') },
      });
      expect(await pending(platform)).toHaveLength(1);
      expect(await decideAndWait(platform, { decision: 'approve' })).toMatchObject({ status: 'succeeded' });
      expect(refund.executions).toHaveLength(1);
    });
  });

  it('needs the role that the rules ask for with those arguments', async () => {
    const refund = refundTool();
    const higher = {
      ask: 'refund',
      arguments: { amount: { at_least: 1_000 } },
      approver: 'administrator' as const,
    };
    const rules = [{ permissions: [...ask, higher] }];
    await withPlatform({ model: callOnce(asked), agents: rules, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      const [waiting] = await pending(platform);
      const body = { decision: 'approve', arguments: { order: 7, amount: 1_000 } } as const;
      const operator = { ...platform.identity, role: 'operator' as const };
      const { approvals } = platform.application;
      await expect(approvals.decide(operator, waiting?.id ?? '', body)).rejects.toMatchObject({
        code: 'approval-role-missing',
        data: { needed: 'administrator', role: 'operator' },
      });
      const { run_id: runId } = await approvals.decide(platform.identity, waiting?.id ?? '', body);
      expect(await ended(platform, runId)).toMatchObject({ status: 'succeeded' });
      expect(refund.executions.map(({ input }) => input)).toEqual([{ order: 7, amount: 1_000 }]);
    });
  });

  it('that are the same in another order is an approval as any other', async () => {
    const refund = refundTool();
    await withPlatform({ model: callOnce(asked), agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      const same = { amount: 900, order: 7 };
      expect(await decide(platform, { decision: 'approve', arguments: same })).toMatchObject({
        edited_arguments: null,
      });
    });
  });

  it('whose outcome is unknown is asked about with what really ran', async () => {
    const hanging = () => new Promise<string>(() => undefined);
    const refund = refundTool({ destructive: true, timeoutMs: 30, execute: hanging });
    await withPlatform({ model: callOnce(asked), agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      await decideAndWait(platform, { decision: 'approve', arguments: edit });
      expect(await pending(platform)).toMatchObject([
        { reason: 'unknown-outcome', arguments: '{"amount":90,"order":7}' },
      ]);
      await decideAndWait(platform, { decision: 'done' });
      expect(lastResults(platform.model.requests[1])[0]?.content).toContain('changed the arguments');
      expect(refund.executions).toHaveLength(1);
    });
  });
});

describe('an approval', () => {
  it('is bound to the arguments as they are, however they were written', async () => {
    const refund = refundTool();
    const written = '{ "order":7.0,\n "amount" : 9e2 }';
    const model = [{ calls: [{ tool: 'refund', arguments: written }] }, { text: 'Done.' }];
    await withPlatform({ model, agents, tools: [refund.tool] }, async (platform) => {
      await platform.run('Go');
      const [waiting] = await pending(platform);
      expect(waiting).toMatchObject({
        arguments: '{"amount":900,"order":7}',
        arguments_hash: hashArguments({ amount: 900, order: 7 }),
      });
      expect(await decideAndWait(platform, { decision: 'approve' })).toMatchObject({ status: 'succeeded' });
      expect(refund.executions).toHaveLength(1);
    });
  });
});
