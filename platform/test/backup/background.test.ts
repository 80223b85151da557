import { withPlatform } from '@batuta/testkit/platform';
import { expect, inject, it } from 'vitest';
import { backupOf, databaseKinds, linesOf, openEmpty } from './backup-kit.ts';

const at = '2090-01-01T00:00:00Z';

it.each(databaseKinds)(
  'a platform restored on %s tells nobody and starts nothing by itself',
  async (kind) => {
    const place = { database: kind, postgresUrl: inject('postgresUrl') };
    await withPlatform({ model: [], ...place }, async ({ application, identity, stores }) => {
      const url = 'https://example.com/hooks';
      const hook = { url, kinds: ['run-failed' as const], description: '', enabled: true };
      const { id: webhook } = await application.webhooks.create(identity, hook);
      const daily = { name: 'Report', agent: 'assistant', input: 'Report.', session_id: null, metadata: {} };
      const when = { at, time_zone: 'UTC', overlap: 'skip' as const, enabled: true };
      const { id: schedule } = await application.schedules.create(
        { ...identity, keyId: null },
        { ...daily, ...when },
      );
      const backup = await backupOf(stores.database);
      for (const resume of [false, true]) {
        const target = await openEmpty(kind);
        await target.database.restore(linesOf(backup), { resume });
        expect(await target.webhooks.get('alpha', webhook)).toMatchObject({ enabled: resume, url });
        expect(await target.schedules.get('alpha', schedule)).toMatchObject({ enabled: resume });
        expect(await target.schedules.findDue(Date.parse(at) + 1, 9)).toHaveLength(resume ? 1 : 0);
        await target.database.close();
      }
    });
  },
);
