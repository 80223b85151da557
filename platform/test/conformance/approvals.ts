import type { NewApproval } from '../../src/port/run-record.ts';
import { describe, expect, test } from 'vitest';
import { ids, makeApproval, makeTurn, running, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const waiting = { ...running, status: 'waiting' as const, waitingFor: 'approval' as const };

/** Approvals: one decision each, told to the run in the same transaction. */
export function describeApprovals(open: StoreFactory): void {
  describe('approvals', () => {
    const stores = useStores(open);

    async function ask(changes: Partial<NewApproval> = {}) {
      const lease = await start(stores().runs);
      const approval = makeApproval(changes);
      await stores().runs.commit(makeTurn(lease, 2, { run: waiting, approvals: [approval] }));
      return { lease, approval };
    }

    test('are asked for in a commit and read back as they were asked', async () => {
      const { lease, approval } = await ask();
      expect(await stores().approvals.get('acme', approval.id)).toMatchObject({
        ...approval,
        status: 'pending',
        runId: lease.runId,
        sessionId: lease.sessionId,
        decision: null,
        decidedBy: null,
        decidedAt: null,
      });
    });

    test('when decided wake the run and tell it', async () => {
      const { lease, approval } = await ask();
      const target = { tenantId: 'acme', id: approval.id };
      const decision = { decision: 'approve' as const, decidedBy: 'ana', reason: 'fine' };
      const decided = await stores().approvals.decide(target, decision);
      expect(decided).toMatchObject({ decision: 'approve', decidedBy: 'ana' });
      expect(decided.decidedAt).not.toBeNull();
      expect(await stores().runs.get('acme', lease.runId)).toMatchObject({ status: 'queued' });
      expect(await stores().runs.signals(lease)).toMatchObject([
        { kind: 'approval-decided', data: { approvalId: approval.id, callId: 'call-1', ...decision } },
      ]);
    });

    test('are decided once, also when many try at the same time', async () => {
      const { lease, approval } = await ask();
      const target = { tenantId: 'acme', id: approval.id };
      const tries = Array.from({ length: 5 }, (_, index) =>
        stores().approvals.decide(target, {
          decision: index % 2 ? 'approve' : 'deny',
          decidedBy: `${index}`,
        }),
      );
      const settled = await Promise.allSettled(tries);
      expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      const refused = settled.filter((one) => one.status === 'rejected');
      expect(refused.map((one) => one.reason.code)).toEqual(Array(4).fill('approval-decided-already'));
      expect(await stores().runs.signals(lease)).toHaveLength(1);
    });

    test('refuse an unknown id, and a decision that was not offered', async () => {
      const { approval } = await ask();
      const decision = { decision: 'repeat' as const, decidedBy: 'ana' };
      const unknown = { tenantId: 'acme', id: ids.create('approval') };
      await expect(stores().approvals.decide(unknown, decision)).rejects.toMatchObject({
        code: 'approval-unknown',
      });
      const target = { tenantId: 'acme', id: approval.id };
      await expect(stores().approvals.decide(target, decision)).rejects.toMatchObject({
        code: 'decision-not-offered',
        data: { offered: 'approve or deny' },
      });
    });

    test('of a run that has ended are neither pending nor decided', async () => {
      const { lease, approval } = await ask();
      const target = { tenantId: 'acme', id: approval.id };
      const cancel = { kind: 'cancel' as const, data: { reason: '', cancelledBy: 'a person' } };
      const rule = { allowed: ['waiting'] as const, action: 'cancelling' };
      await stores().runs.signal({ tenantId: 'acme', runId: lease.runId }, cancel, rule);
      const [claimed] = await stores().runs.claim('worker-1', { limit: 1 });
      if (!claimed) throw new TypeError('not claimed');
      const run = { ...running, status: 'cancelled' as const };
      await stores().runs.commit(makeTurn(claimed.lease, 3, { run }));
      expect(await stores().approvals.list('acme', { pending: true, limit: 9 })).toEqual([]);
      const decision = { decision: 'approve' as const, decidedBy: 'ana' };
      await expect(stores().approvals.decide(target, decision)).rejects.toMatchObject({
        code: 'run-state-conflict',
      });
      expect(await stores().approvals.get('acme', approval.id)).toMatchObject({ decision: null });
    });

    test('that have expired are neither pending nor decided', async () => {
      const expiresAt = Date.now() - 1_000;
      const { lease, approval } = await ask({ expiresAt });
      const target = { tenantId: 'acme', id: approval.id };
      await expect(
        stores().approvals.decide(target, { decision: 'approve', decidedBy: 'ana' }),
      ).rejects.toMatchObject({
        code: 'approval-expired',
        data: { id: approval.id, expired_at: new Date(expiresAt).toISOString() },
      });
      expect(await stores().approvals.list('acme', { pending: true, limit: 9 })).toEqual([]);
      expect(await stores().approvals.list('acme', { pending: false, limit: 9 })).toHaveLength(1);
      expect(await stores().runs.signals(lease)).toEqual([]);
    });

    test('are listed newest first, the pending ones apart', async () => {
      const { approval: first } = await ask();
      const { approval: second } = await ask();
      await stores().approvals.decide(
        { tenantId: 'acme', id: first.id },
        { decision: 'deny', decidedBy: 'ana' },
      );
      const list = async (pending: boolean, before?: string) => {
        const filter = { pending, limit: 9, ...(before !== undefined && { before }) };
        return (await stores().approvals.list('acme', filter)).map((approval) => approval.id);
      };
      expect(await list(true)).toEqual([second.id]);
      expect(await list(false)).toEqual([second.id, first.id]);
      expect(await list(false, second.id)).toEqual([first.id]);
    });
  });
}
