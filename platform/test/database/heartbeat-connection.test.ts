import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../src/composition/open-database.ts';

let fresh: FreshDatabase;
let busy: OpenDatabase;

beforeEach(async () => {
  fresh = await freshDatabase('postgres', inject('postgresUrl'));
  busy = await openDatabase({ url: fresh.url ?? '', poolSize: 1 });
});

afterEach(async () => {
  await busy.database.close();
  fresh.release();
});

test('a heartbeat does not stand in line behind other work', async () => {
  const connection = await busy.engine.connect();
  const waiting = busy.runs.get('acme', 'run_00000000000000000000000000');
  // Nobody gives the only connection of the pool back before the heartbeat has been answered.
  await expect(busy.runs.heartbeat('worker-1', 60_000)).resolves.toEqual({ held: [] });
  connection.release();
  await expect(waiting).resolves.toBeUndefined();
});
