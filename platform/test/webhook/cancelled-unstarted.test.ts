import { withPlatform } from '@batuta/testkit/platform';
import { describe, expect, inject, test } from 'vitest';
import { Receiver } from './receiver.ts';

describe.each(['pglite', 'postgres'] as const)(
  'a run that is cancelled before it began, on %s',
  (database) => {
    test('reaches webhooks at once, from the transaction that cancels it', async () => {
      await using receiver = await new Receiver().listen();
      const model = () => ({ text: 'Done.' });
      const options = { model, database, postgresUrl: inject('postgresUrl'), jobs: true, concurrency: 1 };
      await withPlatform(options, async ({ application, identity, signals }) => {
        const hook = { url: receiver.url, kinds: ['run-cancelled' as const], description: '', enabled: true };
        await application.webhooks.create(identity, hook);
        const held = signals.hold('model-call-before');
        await application.runs.accept(identity, { agent: 'assistant', input: 'First' });
        await held.arrived;
        const { id, status } = await application.runs.accept(identity, {
          agent: 'assistant',
          input: 'Second',
        });
        expect(status).toBe('queued');
        const before = Date.now();
        await application.runs.cancel(identity, id, 'Not needed.');
        const [message] = await receiver.got(1);
        held.release();
        expect(message).toMatchObject({ type: 'run-cancelled', data: { run_id: id, status: 'cancelled' } });
        expect(Date.now() - before).toBeLessThan(5_000);
      });
    });
  },
);
