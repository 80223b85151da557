import { describe, expect, test } from 'vitest';
import { entry, makeNextRun, makeRun, makeTurn, queue, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

const ana = { userId: 'usr_ana', keyId: 'key_1', role: 'member', name: 'Ana' } as const;

const audited = () => entry;

/** Tenants, and whose things are within one. */
export function describeTenants(open: StoreFactory): void {
  describe('tenants', () => {
    const stores = useStores(open);

    async function ask(sql: string): Promise<string> {
      const client = await stores().engine.connect();
      const answer = await client.query(`begin; set local batuta.tenant = 'acme'; ${sql}; commit`);
      client.release();
      return JSON.stringify(answer);
    }

    test('have settings, and one that is unknown has none', async () => {
      expect(await stores().tenants.settings('acme')).toEqual({});
      expect(await stores().tenants.settings('nobody')).toEqual({});
      expect(await stores().tenants.get('nobody')).toBeUndefined();
      expect(await stores().tenants.get('acme')).toMatchObject({
        id: 'acme',
        name: 'Acme',
        disabledAt: null,
      });
    });

    test('are changed by one after the other, each of whom sees what the one before did', async () => {
      const add = () =>
        stores().tenants.change('acme', ({ name, settings }) => ({ name: `${name}!`, settings }), audited);
      await Promise.all([add(), add(), add()]);
      expect(await stores().tenants.get('acme')).toMatchObject({ name: 'Acme!!!' });
      const refused = stores().tenants.change('nobody', (present) => present, audited);
      await expect(refused).rejects.toMatchObject({ code: 'tenant-unknown' });
    });

    test('keep what a later version has set', async () => {
      await ask(`update batuta.tenants set settings = '{"later": 1}'`);
      expect(await stores().tenants.settings('acme')).toEqual({});
      await stores().tenants.change('acme', (present) => present, audited);
      expect(await ask('select settings from batuta.tenants')).toContain('later');
    });

    test('know who asked for each run, and whose it is', async () => {
      const run = makeRun({ requestedBy: ana, ownerId: 'usr_ana' });
      const { run: accepted } = await queue(stores().runs, run);
      expect(accepted).toMatchObject({ requestedBy: ana, ownerId: 'usr_ana' });
      expect(await stores().runs.get('acme', run.id)).toMatchObject({ requestedBy: ana, ownerId: 'usr_ana' });
      const bob = { userId: 'usr_bob', keyId: null, role: 'operator', name: 'Bob' } as const;
      const next = await queue(
        stores().runs,
        makeNextRun(run.sessionId, { requestedBy: bob, ownerId: 'usr_bob' }),
      );
      expect(next.run).toMatchObject({ requestedBy: bob, ownerId: 'usr_ana' });
    });

    test('list what belongs to one, and hide the sessions of others from them', async () => {
      const mine = makeRun({ ownerId: 'usr_ana' });
      const theirs = makeRun({ ownerId: 'usr_bob' });
      for (const run of [mine, theirs]) await queue(stores().runs, run);
      const page = { ownerId: 'usr_ana', limit: 9 };
      expect((await stores().runs.list('acme', page)).map(({ id }) => id)).toEqual([mine.id]);
      expect((await stores().sessions.list('acme', page)).map(({ id }) => id)).toEqual([mine.sessionId]);
      const options = { start: null, queueLimit: 9, visibleTo: 'usr_ana' };
      const intruding = stores().runs.accept(makeNextRun(theirs.sessionId), options);
      await expect(intruding).rejects.toMatchObject({ code: 'session-unknown' });
      const own = await stores().runs.accept(makeNextRun(mine.sessionId), options);
      expect(own.run.sessionId).toBe(mine.sessionId);
    });

    test('let a child run belong to whom its parent belongs', async () => {
      const parent = await start(stores().runs, makeRun({ requestedBy: ana, ownerId: 'usr_ana' }));
      const newSession = { title: 'Child', metadata: {}, parentRunId: parent.runId };
      const origin = { runId: parent.runId, callId: 'call-1' };
      const child = makeRun({ parent: origin, newSession, requestedBy: ana, ownerId: 'usr_ana' });
      await stores().runs.commit(makeTurn(parent, 2, { children: [child] }));
      expect(await stores().runs.get('acme', child.id)).toMatchObject({
        requestedBy: ana,
        ownerId: 'usr_ana',
      });
      expect(await stores().sessions.get('acme', child.sessionId)).toMatchObject({ ownerId: 'usr_ana' });
    });
  });
}
