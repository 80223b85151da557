import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/application/access/identity.ts';
import { callOnce, lastResults } from '../scenario/model-fixtures.ts';
import { letTimePass } from '../scenario/passing-time.ts';
import { ended } from '../scenario/processes.ts';
import { countingTool, type CountingTool } from '../scenario/tool-fixtures.ts';
import { decide, pending } from './decisions.ts';

const agents = [{ permissions: [{ ask: 'refund' }] }];

function withRefund(test: (platform: TestPlatform, refund: CountingTool) => Promise<void>): Promise<void> {
  const refund = countingTool('refund');
  const model = callOnce({ tool: 'refund', arguments: { order: 7 } });
  return withPlatform({ model, agents, tools: [refund.tool] }, async (platform) => {
    await platform.run('Go');
    await test(platform, refund);
  });
}

async function makeLink(platform: TestPlatform, more: object = {}) {
  const [waiting] = await pending(platform);
  const order = { recipient: 'Bea', expires_in_hours: 1, ...more };
  return platform.application.approvals.createLink(platform.identity, waiting?.id ?? '', order);
}

describe('a link to an approval', () => {
  it('decides it once, under the name of its recipient and of who made it', () =>
    withRefund(async (platform, refund) => {
      const { token } = await makeLink(platform);
      const { approvals } = platform.application;
      const decided = await approvals.decideByLink(token, { decision: 'approve', reason: 'Fine.' });
      const decidedBy = `Bea (link of ${platform.identity.name})`;
      expect(decided).toMatchObject({ decided_by: decidedBy, decision_reason: 'Fine.' });
      expect(await ended(platform, decided.run_id)).toMatchObject({ status: 'succeeded' });
      expect(refund.executions).toHaveLength(1);
      await expect(approvals.decideByLink(token, { decision: 'deny' })).rejects.toMatchObject({
        code: 'approval-link-used',
        data: { decision: 'approve' },
      });
      expect(await approvals.openLink(token)).toMatchObject({ state: 'used', usedDecision: 'approve' });
    }));

  it('is used by one of many who try at once', () =>
    withRefund(async (platform, refund) => {
      const { token } = await makeLink(platform);
      const tries = Array.from({ length: 10 }, (_, index) =>
        platform.application.approvals.decideByLink(token, { decision: index % 2 ? 'approve' : 'deny' }),
      );
      const settled = await Promise.allSettled(tries);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { run_id: runId } = await platform.application.approvals
        .openLink(token)
        .then(({ approval }) => approval);
      await ended(platform, runId);
      expect(refund.executions.length).toBeLessThanOrEqual(1);
    }));

  it('does nothing any more when somebody else has decided', () =>
    withRefund(async (platform, refund) => {
      const { token } = await makeLink(platform);
      const { run_id: runId } = await decide(platform, { decision: 'deny' });
      const { approvals } = platform.application;
      expect(await approvals.openLink(token)).toMatchObject({ state: 'closed' });
      await expect(approvals.decideByLink(token, { decision: 'approve' })).rejects.toMatchObject({
        code: 'approval-decided-already',
        data: { decision: 'deny', decided_by: platform.identity.name },
      });
      await ended(platform, runId);
      expect(refund.executions).toEqual([]);
    }));

  it('allows what it was made for, and its end is never after that of the approval', () =>
    withRefund(async (platform) => {
      const link = await makeLink(platform, { decisions: ['deny'], expires_in_hours: 168 });
      const [waiting] = await pending(platform);
      expect(new Date(link.expiresAt).toISOString()).toBe(waiting?.expires_at);
      const { approvals } = platform.application;
      await expect(approvals.decideByLink(link.token, { decision: 'approve' })).rejects.toMatchObject({
        code: 'decision-not-offered',
      });
      expect(await pending(platform)).toHaveLength(1);
    }));

  it('expires', () =>
    withRefund(async (platform) => {
      const { token } = await makeLink(platform);
      await platform.stores.engine.administer((client) =>
        client.query(`update batuta.approval_links set expires_at = now() - interval '1 second'`),
      );
      const { approvals } = platform.application;
      expect(await approvals.openLink(token)).toMatchObject({ state: 'expired' });
      await expect(approvals.decideByLink(token, { decision: 'approve' })).rejects.toMatchObject({
        code: 'approval-link-expired',
      });
    }));

  it('is unknown with another token, and only the hash of its own is stored', () =>
    withRefund(async (platform) => {
      const { token } = await makeLink(platform);
      for (const wrong of ['', `${token}x`, token.toUpperCase(), 'x'.repeat(1_000)]) {
        const opened = platform.application.approvals.openLink(wrong);
        await expect(opened).rejects.toMatchObject({ code: 'approval-link-unknown' });
      }
      const stored = await platform.stores.engine.administer((client) =>
        client.query('select * from batuta.approval_links'),
      );
      expect(JSON.stringify(stored.rows)).not.toContain(token);
    }));

  it('is made for what is open, by who could decide it, twenty times at most', () =>
    withRefund(async (platform) => {
      const [waiting] = await pending(platform);
      const order = { recipient: 'Bea', expires_in_hours: 1 };
      const { approvals } = platform.application;
      const foreign = approvals.createLink(platform.stranger, waiting?.id ?? '', order);
      await expect(foreign).rejects.toMatchObject({ code: 'approval-unknown' });
      for (let made = 0; made < 20; made += 1) await makeLink(platform);
      await expect(makeLink(platform)).rejects.toMatchObject({ code: 'approval-links-exhausted' });
      await letTimePass(platform, 25 * 60);
      const late = approvals.createLink(platform.identity, waiting?.id ?? '', order);
      await expect(late).rejects.toMatchObject({ code: 'approval-expired' });
    }));

  it('answers a question', async () => {
    const model = callOnce({ tool: 'ask_user', arguments: { question: 'Which?' } });
    await withPlatform({ model }, async (platform) => {
      const { id } = await platform.run('Go');
      const { token } = await makeLink(platform);
      await platform.application.approvals.decideByLink(token, { decision: 'answer', answer: 'blue' });
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])).toMatchObject([{ content: 'blue' }]);
    });
  });

  it('decides nothing once it was taken back; that is recorded once', () =>
    withRefund(async (platform) => {
      const [one, other] = [await makeLink(platform), await makeLink(platform)];
      const { approvals, audit } = platform.application;
      const { approvalId, id, token } = one;
      for (const _ of [1, 2]) await approvals.revokeLink(platform.identity, approvalId, id);
      expect(await approvals.openLink(token)).toMatchObject({ state: 'revoked' });
      await expect(approvals.decideByLink(token, { decision: 'approve' })).rejects.toMatchObject({
        code: 'approval-link-revoked',
      });
      const { items } = await approvals.links(platform.identity, approvalId);
      expect(items).toMatchObject([{ id, revoked_by: platform.identity.name }, { revoked_at: null }]);
      expect(JSON.stringify(items)).not.toContain(other.token);
      await approvals.decideByLink(other.token, { decision: 'deny' });
      const entries = await audit.list(platform.identity, { action: 'approval-link-revoked', limit: 9 });
      expect(entries.items).toMatchObject([{ target: approvalId, after: { link_id: id } }]);
    }));

  it('is taken back by who could decide, never by others, and not after it was used', () =>
    withRefund(async (platform) => {
      const { approvalId, id, token } = await makeLink(platform);
      const { approvals } = platform.application;
      const by = (who: Identity, link = id) => approvals.revokeLink(who, approvalId, link);
      const weak: Identity = { ...platform.identity, role: 'member' };
      await expect(by(platform.stranger)).rejects.toMatchObject({ code: 'approval-unknown' });
      await expect(by(weak)).rejects.toMatchObject({ code: 'approval-role-missing' });
      await expect(by(platform.identity, 'apl_none')).rejects.toMatchObject({
        code: 'approval-link-unknown',
      });
      await approvals.decideByLink(token, { decision: 'deny' });
      await expect(by(platform.identity)).rejects.toMatchObject({ code: 'approval-link-used' });
    }));

  it('and its end race: it decides, or it was taken back, never both', () =>
    withRefund(async (platform) => {
      const { approvalId, id, token } = await makeLink(platform);
      const { approvals } = platform.application;
      const settled = await Promise.allSettled([
        approvals.decideByLink(token, { decision: 'deny' }),
        approvals.revokeLink(platform.identity, approvalId, id),
      ]);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }));
});
