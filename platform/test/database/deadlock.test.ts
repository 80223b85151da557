import { closeFreshDatabases, freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeTurn, start } from '../conformance/make-run.ts';

let stores: FreshDatabase;
beforeAll(async () => {
  stores = await freshDatabase('postgres', inject('postgresUrl'));
  await stores.runs.heartbeat('worker-1', 60_000);
});
afterAll(async () => {
  stores.release();
  await closeFreshDatabases();
});

test('a commit that a deadlock rolled back is sent again', async () => {
  const lease = await start(stores.runs);
  const charge = { account: 'tenant//total', slice: 0, spent: 0, reserved: 10, limit: null };
  await stores.runs.commit(makeTurn(lease, 2, { charges: [charge] }));
  // The first commit after this is the victim of a deadlock, the next ones are not.
  await stores.engine.administer(async (client) => {
    await client.query(`
      create sequence batuta.victims; grant usage on sequence batuta.victims to public;
      create function batuta.deadlock_once() returns trigger language plpgsql as $$
        begin
          if nextval('batuta.victims') = 1 then raise exception using errcode = '40P01'; end if;
          return new;
        end $$;
      create trigger deadlock before update on batuta.budget_usage
        for each row execute function batuta.deadlock_once();`);
  });
  const receipt = await stores.runs.commit(makeTurn(lease, 3, { charges: [charge] }));
  expect(receipt).toMatchObject({ outcome: 'committed', accounts: [{ reserved: 20 }] });
  await stores.engine.administer((client) =>
    client.query(
      'drop trigger deadlock on batuta.budget_usage; drop function batuta.deadlock_once; drop sequence batuta.victims',
    ),
  );
});
