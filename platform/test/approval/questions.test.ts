import { withPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { callOnce, lastResults } from '../scenario/model-fixtures.ts';
import { ended } from '../scenario/processes.ts';
import { dataOf, decide, decideAndWait, pending } from './decisions.ts';

const question = { question: 'Which colour?', options: ['red', 'blue'] };
const model = callOnce({ tool: 'ask_user', arguments: question });

describe('a question of a run', () => {
  it('waits among the approvals, without an end, and is answered there', async () => {
    await withPlatform({ model }, async (platform) => {
      const { id } = await platform.run('Go');
      expect(await pending(platform)).toMatchObject([
        {
          reason: 'question',
          status: 'pending',
          question: 'Which colour?',
          options: ['red', 'blue'],
          decisions: ['answer'],
          needed_role: 'member',
          expires_at: null,
          run_id: id,
        },
      ]);
      const run = await decideAndWait(platform, { decision: 'answer', answer: 'blue' });
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])).toMatchObject([{ content: 'blue', isError: false }]);
    });
  });

  it('is answered by a message through the same record', async () => {
    await withPlatform({ model }, async (platform) => {
      const { id } = await platform.run('Go');
      const [asked] = await pending(platform);
      await platform.application.runs.addMessage(platform.identity, id, 'red');
      const run = await ended(platform, id);
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(await platform.application.approvals.get(platform.identity, asked?.id ?? '')).toMatchObject({
        status: 'decided',
        decision: 'answer',
        answer: 'red',
        decided_by: platform.identity.name,
      });
      expect(await dataOf(platform, run, 'approval-decided')).toMatchObject([{ decision: 'answer' }]);
    });
  });

  it('that two answer at once has one answer; the message that came second steers', async () => {
    await withPlatform({ model }, async (platform) => {
      const { id } = await platform.run('Go');
      const held = platform.signals.hold('claim-after');
      await decide(platform, { decision: 'answer', answer: 'blue' });
      await held.arrived;
      await platform.application.runs.addMessage(platform.identity, id, 'And be quick.');
      held.release();
      const run = await ended(platform, id);
      expect(run).toMatchObject({ status: 'succeeded' });
      expect(lastResults(platform.model.requests[1])).toMatchObject([{ content: 'blue' }]);
      expect(await dataOf(platform, run, 'message-added')).toMatchObject([{}, { origin: 'steering' }]);
    });
  });

  it('cannot be approved, and an approval cannot be answered', async () => {
    await withPlatform({ model }, async (platform) => {
      await platform.run('Go');
      await expect(decide(platform, { decision: 'approve' })).rejects.toMatchObject({
        code: 'decision-not-offered',
        data: { offered: 'answer' },
      });
    });
  });

  it('is not needed any more when its run was cancelled', async () => {
    await withPlatform({ model }, async (platform) => {
      const { id } = await platform.run('Go');
      const [asked] = await pending(platform);
      await platform.application.runs.cancel(platform.identity, id);
      expect(await ended(platform, id)).toMatchObject({ status: 'cancelled' });
      expect(await pending(platform)).toEqual([]);
      const late = { decision: 'answer', answer: 'red' } as const;
      const tried = platform.application.approvals.decide(platform.identity, asked?.id ?? '', late);
      await expect(tried).rejects.toMatchObject({ code: 'approval-withdrawn' });
    });
  });
});
