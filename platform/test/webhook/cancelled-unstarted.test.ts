import { withPlatform } from '@batuta/testkit/platform';
import { makeLonelyBus } from '@batuta/platform/composition';
import { describe, expect, inject, test } from 'vitest';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import { requestCancel } from '../../src/application/run/request-cancel.ts';
import { LiveFeed } from '../../src/application/stream/live-feed.ts';

/** Takes down which webhooks are said to have something to send. */
function recorder() {
  const announced: [string, readonly string[]][] = [];
  const nothing = () => undefined;
  const notify = {
    queued: nothing,
    signalled: nothing,
    announced: (tenantId: string, ids: readonly string[]) => void announced.push([tenantId, ids]),
  };
  return { announced, notify };
}

describe.each(['pglite', 'postgres'] as const)(
  'a run that is cancelled before it began, on %s',
  (database) => {
    test('is in the outbox of webhooks by the transaction that cancels it, and nobody waits for a sweep', async () => {
      const options = { worker: false, database, postgresUrl: inject('postgresUrl') };
      await withPlatform(options, async ({ application, identity, stores }) => {
        const hook = {
          url: 'http://127.0.0.1:9/',
          kinds: ['run-cancelled' as const],
          description: '',
          enabled: true,
        };
        const { id: webhook } = await application.webhooks.create(identity, hook);
        const { id: runId } = await application.runs.accept(identity, { agent: 'assistant', input: 'Go' });
        const { announced, notify } = recorder();
        const feed = new LiveFeed({ bus: makeLonelyBus(), clock: systemClock });
        const cancel = { reason: 'Not needed.', cancelledBy: 'Ana' };
        const context = { runs: stores.runs, notify, feed };
        expect(await requestCancel(context, { tenantId: 'alpha', runId }, cancel)).toBe('cancelled');
        expect(announced).toEqual([['alpha', [webhook]]]);
        const { items } = await application.webhooks.deliveries(identity, webhook, { limit: 9 });
        const message_id = `evt_${runId.slice(4)}_0`;
        expect(items).toMatchObject([{ type: 'run-cancelled', status: 'pending', message_id }]);
      });
    });
  },
);
