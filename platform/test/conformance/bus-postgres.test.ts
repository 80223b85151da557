import { Client } from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { PostgresBus } from '../../src/adapter/bus-postgres/postgres-bus.ts';
import { describeBus, type BusServer } from './bus.ts';

async function execute(sql: string, values: string[] = []): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(sql, values);
  await client.end();
}

const server: BusServer = {
  connect: () => PostgresBus.connect(inject('postgresUrl')),
  interrupt: () =>
    execute(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'batuta bus' and datname = current_database()`,
    ),
  sendForeign: (text) => execute(`select pg_notify('batuta', $1)`, [text]),
};

describe('over PostgreSQL', () => {
  describeBus(() => server);

  test('an address where nobody answers is an error at once', async () => {
    await expect(PostgresBus.connect('postgres://nobody@127.0.0.1:1/none')).rejects.toThrow(/ECONNREFUSED/);
  });
});
