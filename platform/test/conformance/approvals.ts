import type { ApprovalDecision } from '@batuta/contract';
import type { ApprovalClosing, MadeDecision, NewApproval } from '../../src/port/run-record.ts';
import { describe, expect, test } from 'vitest';
import { makeEntry } from './audit.ts';
import { ids, makeApproval, makeTurn, running, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const waiting = { ...running, status: 'waiting' as const, waitingFor: 'approval' as const };

/** A decision of ana. */
function made(decision: ApprovalDecision, more: Partial<MadeDecision> = {}): MadeDecision {
  return { decision, decidedBy: 'ana', ...more };
}

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

    const decide = (id: string, decision: MadeDecision, linkId?: string) => {
      const target = { tenantId: 'acme', id, ...(linkId === undefined ? {} : { linkId }) };
      const audit = makeEntry({ kind: 'decision', action: 'approval-decided', target: id });
      return stores().approvals.decide(target, decision, audit);
    };

    const audited = async () =>
      (await stores().audits.list('acme', { limit: 9 })).map(({ action }) => action);

    test('are asked for in a commit and read back as they were asked', async () => {
      const { lease, approval } = await ask({ question: { text: 'Which?\u0000', options: ['a', 'b'] } });
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

    test('when decided wake the run, tell it, and are audited', async () => {
      const { lease, approval } = await ask();
      const edited = { arguments: '{"to":"b"}', argumentsHash: 'other' };
      const pattern = { to: { equals: 'b' } };
      const decision = made('approve', { reason: 'fine', edited, pattern });
      const decided = await decide(approval.id, decision);
      expect(decided).toMatchObject({
        status: 'decided',
        decision: 'approve',
        decidedBy: 'ana',
        decisionReason: 'fine',
        editedArguments: edited.arguments,
        pattern,
      });
      expect(decided.decidedAt).not.toBeNull();
      expect(await stores().runs.get('acme', lease.runId)).toMatchObject({ status: 'queued' });
      expect(await stores().runs.signals(lease)).toMatchObject([
        { kind: 'approval-decided', data: { approvalId: approval.id, callId: 'call-1', ...decision } },
      ]);
      expect(await audited()).toEqual(['approval-decided']);
    });

    test('are decided once, also when many try at the same time', async () => {
      const { lease, approval } = await ask();
      const tries = Array.from({ length: 5 }, (_, index) =>
        decide(approval.id, made(index % 2 ? 'approve' : 'deny')),
      );
      const settled = await Promise.allSettled(tries);
      expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      const refused = settled.filter((one) => one.status === 'rejected');
      const { decision } = (await stores().approvals.get('acme', approval.id)) ?? {};
      const told = { code: 'approval-decided-already', data: { decision, decided_by: 'ana' } };
      expect(refused.map((one) => one.reason)).toMatchObject(Array.from({ length: 4 }, () => told));
      expect(await stores().runs.signals(lease)).toHaveLength(1);
      expect(await audited()).toHaveLength(1);
    });

    test('refuse an unknown id, and a decision that was not offered', async () => {
      const { approval } = await ask();
      await expect(decide(ids.create('approval'), made('repeat'))).rejects.toMatchObject({
        code: 'approval-unknown',
      });
      await expect(decide(approval.id, made('repeat'))).rejects.toMatchObject({
        code: 'decision-not-offered',
        data: { offered: 'approve or deny' },
      });
      expect(await audited()).toEqual([]);
    });

    test('of a run that has ended are neither pending nor decided', async () => {
      const { lease, approval } = await ask();
      const cancel = { kind: 'cancel' as const, data: { reason: '', cancelledBy: 'a person' } };
      const rule = { allowed: ['waiting'] as const, action: 'cancelling' };
      await stores().runs.signal({ tenantId: 'acme', runId: lease.runId }, cancel, rule);
      const [claimed] = await stores().runs.claim('worker-1', { limit: 1 });
      if (!claimed) throw new TypeError('not claimed');
      const run = { ...running, status: 'cancelled' as const };
      await stores().runs.commit(makeTurn(claimed.lease, 3, { run }));
      expect(await stores().approvals.list('acme', { pending: true, limit: 9 })).toEqual([]);
      await expect(decide(approval.id, made('approve'))).rejects.toMatchObject({
        code: 'run-state-conflict',
      });
      expect(await stores().approvals.get('acme', approval.id)).toMatchObject({ decision: null });
    });

    test('that have expired are neither pending nor decided', async () => {
      const expiresAt = Date.now() - 1_000;
      const { lease, approval } = await ask({ expiresAt });
      await expect(decide(approval.id, made('approve'))).rejects.toMatchObject({
        code: 'approval-expired',
        data: { id: approval.id, expired_at: new Date(expiresAt).toISOString() },
      });
      expect(await stores().approvals.list('acme', { pending: true, limit: 9 })).toEqual([]);
      expect(await stores().approvals.list('acme', { pending: false, limit: 9 })).toMatchObject([
        { status: 'expired' },
      ]);
      expect(await stores().runs.signals(lease)).toEqual([]);
    });

    /** A worker takes the waiting run, and ends approvals without a decision in its next commit. */
    async function close(runId: string, closings: readonly ApprovalClosing[]) {
      await stores().engine.administer((client) =>
        client.query(`update batuta.runs set status = 'queued' where id = $1 and status = 'waiting'`, [
          runId,
        ]),
      );
      const [claimed] = await stores().runs.claim('worker-1', { limit: 1, runIds: [runId] });
      if (!claimed) throw new TypeError('not claimed');
      return stores().runs.commit(makeTurn(claimed.lease, 3, { closings }));
    }

    test('expire in a commit, and take no decision from then on, whatever the clock says', async () => {
      const { lease, approval } = await ask();
      const receipt = await close(lease.runId, [{ id: approval.id, as: 'expired' }]);
      expect(receipt).toMatchObject({ outcome: 'committed' });
      await expect(decide(approval.id, made('approve'))).rejects.toMatchObject({ code: 'approval-expired' });
      expect(await stores().approvals.get('acme', approval.id)).toMatchObject({ status: 'expired' });
    });

    test('do not expire when they were decided: nothing of that commit is written', async () => {
      const { lease, approval } = await ask();
      await decide(approval.id, made('approve'));
      const receipt = await close(lease.runId, [{ id: approval.id, as: 'expired' }]);
      expect(receipt).toEqual({ outcome: 'signals-first' });
      const log = await stores().events.read('acme', lease.sessionId, { afterSeq: 2, limit: 9 });
      expect(log).toEqual([]);
    });

    test('are withdrawn in a commit, except those that were decided', async () => {
      const { lease, approval } = await ask();
      const { lease: other, approval: decided } = await ask();
      await decide(decided.id, made('deny'));
      await close(lease.runId, [{ id: approval.id, as: 'withdrawn' }]);
      await close(other.runId, [{ id: decided.id, as: 'withdrawn' }]);
      await expect(decide(approval.id, made('approve'))).rejects.toMatchObject({
        code: 'approval-withdrawn',
      });
      expect(await stores().approvals.get('acme', decided.id)).toMatchObject({ status: 'decided' });
      expect(await stores().approvals.list('acme', { pending: true, limit: 9 })).toEqual([]);
    });

    test('are listed newest first, the pending ones apart', async () => {
      const { approval: first } = await ask();
      const { approval: second } = await ask();
      await decide(first.id, made('deny'));
      const list = async (pending: boolean, before?: string) => {
        const filter = { pending, limit: 9, ...(before !== undefined && { before }) };
        return (await stores().approvals.list('acme', filter)).map((approval) => approval.id);
      };
      expect(await list(true)).toEqual([second.id]);
      expect(await list(false)).toEqual([second.id, first.id]);
      expect(await list(false, second.id)).toEqual([first.id]);
    });

    test('are listed by run, session and tool', async () => {
      const { lease, approval } = await ask({ tool: 'other' });
      await ask();
      const list = async (filter: object) =>
        (await stores().approvals.list('acme', { pending: false, limit: 9, ...filter })).map(({ id }) => id);
      for (const filter of [{ runId: lease.runId }, { sessionId: lease.sessionId }, { tool: 'other' }])
        expect(await list(filter)).toEqual([approval.id]);
      expect(await list({ runId: lease.runId, tool: 'send_mail' })).toEqual([]);
    });

    test('that are questions of a run are found, the oldest first, until they are answered', async () => {
      const question = { reason: 'question', decisions: ['answer'], expiresAt: null } as const;
      const { lease, approval } = await ask({ ...question, question: { text: 'Which?', options: null } });
      const findOpen = async () => (await stores().approvals.openQuestion('acme', lease.runId))?.id;
      expect(await findOpen()).toBe(approval.id);
      await decide(approval.id, made('answer', { answer: 'this \u0000' }));
      expect(await findOpen()).toBeUndefined();
      expect(await stores().approvals.get('acme', approval.id)).toMatchObject({ answer: 'this \u0000' });
    });

    describe('with links', () => {
      const addLink = async (approval: NewApproval, sessionId: string, changes: object = {}) => {
        const link = {
          id: ids.create('approvalLink'),
          tenantId: 'acme',
          sessionId,
          approvalId: approval.id,
          hash: ids.create('message'),
          decisions: ['approve', 'deny'] as const,
          recipient: 'Bea',
          createdBy: 'ana',
          expiresAt: Date.now() + 60_000,
          ...changes,
        };
        const audit = makeEntry({ action: 'approval-link-created', target: approval.id });
        await stores().approvals.addLink(link, 2, audit);
        return link;
      };

      test('are found by the hash of the token, whatever the tenant, and used up by the decision', async () => {
        const { lease, approval } = await ask();
        const link = await addLink(approval, lease.sessionId);
        expect(await stores().approvals.findLink(link.hash)).toMatchObject({ ...link, usedAt: null });
        await decide(approval.id, made('deny'), link.id);
        expect(await stores().approvals.findLink(link.hash)).toMatchObject({ usedDecision: 'deny' });
        expect(await stores().approvals.findLink('x')).toBeUndefined();
        expect(await audited()).toEqual(['approval-decided', 'approval-link-created']);
      });

      test('that have expired decide nothing', async () => {
        const { lease, approval } = await ask();
        const link = await addLink(approval, lease.sessionId, { expiresAt: Date.now() - 1_000 });
        await expect(decide(approval.id, made('deny'), link.id)).rejects.toMatchObject({
          code: 'approval-link-expired',
        });
        expect(await stores().approvals.get('acme', approval.id)).toMatchObject({ status: 'pending' });
        expect(await stores().runs.signals(lease)).toEqual([]);
      });

      test('have no more of them than is allowed, also when many are made at once, and go with the session', async () => {
        const { lease, approval } = await ask();
        const tries = Array.from({ length: 5 }, () => addLink(approval, lease.sessionId));
        const settled = await Promise.allSettled(tries);
        const links = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        expect(links).toHaveLength(2);
        await close(lease.runId, []);
        const run = { ...running, status: 'cancelled' as const };
        const lastLease = { ...lease, epoch: lease.epoch + 1 };
        await stores().runs.commit(makeTurn(lastLease, 4, { run }));
        await stores().sessions.delete('acme', lease.sessionId);
        expect(await stores().approvals.findLink(links[0]?.hash ?? '')).toBeUndefined();
      });
    });
  });
}
