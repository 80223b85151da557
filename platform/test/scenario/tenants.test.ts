import type { Identity } from '@batuta/platform/composition';
import { withPlatform } from '@batuta/testkit/platform';
import { describe, expect, it } from 'vitest';
import { attempts, page, withBelongings } from './belongings.ts';

describe('somebody of another tenant', () => {
  it.each(Object.entries(attempts))('is told by %s that there is no such thing', async (_, { code, ask }) => {
    await withBelongings(async (platform, ids) => {
      const refused = ask(platform, platform.stranger, ids);
      await expect(refused).rejects.toMatchObject({ code, status: 404 });
      expect((await platform.application.runs.get(platform.identity, ids.run)).status).toBe('waiting');
    });
  });

  it('finds nothing in any list, and the owner does', async () => {
    await withBelongings(async ({ application, identity, stranger }, ids) => {
      const lists = (who: Identity) =>
        Promise.all([
          application.runs.list(who, page),
          application.runs.list(who, { ...page, session_id: ids.session }),
          application.sessions.list(who, page),
          application.approvals.list(who, { ...page, pending: false }),
        ]);
      for (const list of await lists(stranger)) expect(list).toEqual({ items: [], next_cursor: null });
      for (const list of await lists(identity)) expect(list.items).toHaveLength(1);
    });
  });

  it('can use the same idempotency key for a run of their own', async () => {
    await withPlatform({ model: () => ({ text: 'Ok.' }) }, async ({ application, identity, stranger }) => {
      const body = { agent: 'assistant', input: 'Go' };
      const mine = await application.runs.accept(identity, body, 'key-1');
      const theirs = await application.runs.accept(stranger, body, 'key-1');
      expect(theirs.id).not.toBe(mine.id);
      expect(await application.runs.accept(identity, body, 'key-1')).toMatchObject({ id: mine.id });
    });
  });

  it('cannot have an artifact read by their agent', async () => {
    await withBelongings(async (platform, ids) => {
      const found = await platform.stores.artifacts.read(platform.stranger.tenantId, ids.artifact, {
        offset: 0,
        length: 10,
      });
      expect(found).toBeUndefined();
    });
  });
});
