import { AdvancingClock } from '@batuta/testkit/clock';
import { withPlatform, type TestPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { callOnce } from '../scenario/model-fixtures.ts';
import { letTimePass } from '../scenario/passing-time.ts';
import { accept, ended } from '../scenario/processes.ts';
import { countingTool, type CountingTool } from '../scenario/tool-fixtures.ts';
import { dataOf, decide, pending } from './decisions.ts';

const agents = [{ permissions: [{ ask: 'refund' }] }];
const day = 24 * 3_600_000;

describe('an approval that nobody decides', () => {
  it('expires after a day: the call is denied, the log says so, and nobody can decide any more', async () => {
    const refund = countingTool('refund');
    const options = { model: callOnce({ tool: 'refund' }), agents, tools: [refund.tool], pollMs: 20 };
    await withPlatform(options, async (platform) => {
      const { id } = await platform.run('Go');
      const [waiting] = await pending(platform);
      const until = Date.parse(waiting?.expires_at ?? '') - Date.parse(waiting?.created_at ?? '');
      expect(Math.abs(until - day)).toBeLessThan(10_000);
      const woken = platform.signals.next('run-ended');
      await letTimePass(platform, 25 * 60);
      await woken;
      const run = await ended(platform, id);
      expect(await dataOf(platform, run, 'approval-decided')).toMatchObject([
        { approval_id: waiting?.id, decision: 'expire', decided_by: 'expiry' },
      ]);
      expect(await dataOf(platform, run, 'tool-call-settled')).toMatchObject([{ outcome: 'denied' }]);
      const { approvals } = platform.application;
      expect(await approvals.get(platform.identity, waiting?.id ?? '')).toMatchObject({ status: 'expired' });
      expect(refund.executions).toEqual([]);
    });
  });
});

describe('a worker whose clock runs ahead', () => {
  const minute = 60_000;
  const isOf =
    (kind: string) =>
    ({ events }: { events?: readonly string[] }) =>
      events?.includes(kind) ?? false;

  /** A run that asks for an approval of half a minute while another call goes on, on a clock that can be put forward. */
  async function withBusyRun(test: (scene: Scene) => Promise<void>): Promise<void> {
    const refund = countingTool('refund');
    const clock = new AdvancingClock();
    const gate = Promise.withResolvers<string>();
    const slow = countingTool('slow', {
      readOnly: true,
      timeoutMs: 60 * minute,
      execute: () => gate.promise,
    });
    const model = callOnce({ tool: 'refund' }, { tool: 'slow' });
    const settings = { approvalHours: 1 / 120 };
    const options = { model, agents, tools: [refund.tool, slow.tool], clock, settings, leaseMs: 60 * minute };
    await withPlatform(options, async (platform) => {
      const { id } = await accept(platform);
      await platform.signals.reached('commit-after', isOf('approval-requested'));
      await test({ platform, refund, id, later: () => (clock.advance(minute), gate.resolve('read')) });
    });
  }

  it('does not let an approval expire that somebody has decided: the decision counts', () =>
    withBusyRun(async ({ platform, refund, id, later }) => {
      const held = platform.signals.hold('commit-before', isOf('approval-decided'));
      later();
      await held.arrived;
      await decide(platform, { decision: 'approve' });
      held.release();
      const run = await ended(platform, id);
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(refund.executions).toHaveLength(1);
      expect(await dataOf(platform, run, 'approval-decided')).toMatchObject([{ decision: 'approve' }]);
    }));

  it('closes the approval when it lets it expire: a later decision is refused by every clock', () =>
    withBusyRun(async ({ platform, refund, id, later }) => {
      const [waiting] = await pending(platform);
      later();
      expect(await ended(platform, id)).toMatchObject({ status: 'succeeded' });
      const { approvals } = platform.application;
      const late = approvals.decide(platform.identity, waiting?.id ?? '', { decision: 'approve' });
      await expect(late).rejects.toMatchObject({ code: 'approval-expired' });
      expect(refund.executions).toEqual([]);
    }));
});

interface Scene {
  platform: TestPlatform;
  refund: CountingTool;
  id: string;
  /** Lets a minute pass, and the other call end. */
  later: () => void;
}
