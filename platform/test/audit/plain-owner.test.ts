import { openDatabase } from '@batuta/platform/database';
import { freshDatabase } from '@batuta/testkit/database';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { verifyAudit } from '../../src/application/audit/verify-audit.ts';
import { makeEntry } from '../conformance/audit.ts';

const name = `audit_owner_${process.pid}`;

/** Hosted servers give no superuser: row-level security then holds for the owner of the tables, too. */
test('appends for a database whose owner is no superuser', async () => {
  const url = new URL(inject('postgresUrl'));
  // Another database of the server has made the roles that all of them share.
  (await freshDatabase('postgres', url.href)).release();
  const administrator = new pg.Client({ connectionString: url.href });
  await administrator.connect();
  await administrator.query(`create role ${name} login password 'plain' createrole`);
  await administrator.query(`grant batuta_app, batuta_system to ${name}`);
  await administrator.query(`create database ${name} owner ${name}`);
  const own = new URL(url.href);
  [own.username, own.password, own.pathname] = [name, 'plain', `/${name}`];
  const { database, audits } = await openDatabase({ url: own.href });
  try {
    await database.migrate();
    await audits.append('acme', [makeEntry(), makeEntry()]);
    await audits.append('beta', [makeEntry()]);
    expect(await verifyAudit(audits, 'acme', {})).toMatchObject({ intact: true, verified: 2 });
    expect(await verifyAudit(audits, 'beta', {})).toMatchObject({ intact: true, verified: 1 });
  } finally {
    await database.close();
    await administrator.query(`drop database ${name}`);
    await administrator.query(`drop role ${name}`);
    await administrator.end();
  }
});
