import { describe, expect, test } from 'vitest';
import { appendAudit } from '../../src/adapter/sql/statement/append-audit.ts';
import { Transactor } from '../../src/adapter/sql/transactor.ts';
import { hashAuditRow } from '../../src/domain/audit/hash-row.ts';
import type { AuditEntry } from '../../src/port/audit-log.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

/** An entry of the audit log by what matters about it. */
export function makeEntry(entry: Partial<AuditEntry> = {}): AuditEntry {
  return {
    action: 'api-key-created',
    actor: 'usr_1',
    actorKind: 'user',
    target: 'key_1',
    outcome: 'succeeded',
    address: '192.0.2.7',
    before: null,
    after: { name: 'ci' },
    ...entry,
  };
}

/** The audit log: a chain for each tenant that nobody can change. */
export function describeAudit(open: StoreFactory): void {
  describe('audit log', () => {
    const stores = useStores(open);
    const transactor = () => new Transactor(stores().engine.connect, stores().engine.address);

    test('numbers the entries of a tenant and chains them by their hashes', async () => {
      await stores().audits.append('acme', [makeEntry(), makeEntry({ action: 'api-key-revoked' })]);
      await stores().audits.append('acme', [
        makeEntry({ outcome: 'refused', reason: 'x', at: 1_700_000_000_123 }),
      ]);
      const rows = await stores().audits.read('acme', { after: 0, limit: 10 });
      expect(rows.map((row) => row.seq)).toEqual([1, 2, 3]);
      let previous = '';
      for (const row of rows) {
        expect(row.hash).toBe(hashAuditRow(previous, row));
        previous = row.hash;
      }
      expect(rows[2]).toMatchObject({ at: 1_700_000_000_123, kind: 'change', reason: 'x', count: 1 });
      expect(await stores().audits.extent('acme')).toEqual({
        base: { seq: 0, hash: '' },
        firstSeq: 1,
        head: { seq: 3, hash: previous },
        lastSeq: 3,
      });
    });

    test('keeps any text, and hashes what it keeps', async () => {
      const odd = 'é\u0000\u{1F600}\uD800 \\u0000 "quoted"';
      const entry = makeEntry({
        actorName: odd,
        target: odd,
        after: { [odd]: odd, nested: [odd, '\\\\u0000'] },
      });
      await stores().audits.append('acme', [entry]);
      const [row] = await stores().audits.read('acme', { after: 0, limit: 1 });
      expect(row?.hash).toBe(row && hashAuditRow('', row));
      const kept = 'é\uFFFD\u{1F600}\uFFFD \\u0000 "quoted"';
      expect(row).toMatchObject({ actorName: kept, target: kept });
      expect(JSON.parse(row?.after ?? '')).toEqual({ [kept]: kept, nested: [kept, '\\\\u0000'] });
    });

    test('shortens what is too long', async () => {
      const after = { text: 'x'.repeat(20_000) };
      await stores().audits.append('acme', [makeEntry({ after, userAgent: 'y'.repeat(1_000) })]);
      const [row] = await stores().audits.read('acme', { after: 0, limit: 1 });
      expect(row).toMatchObject({
        after: '{"too_large":true,"bytes":20011}',
        userAgent: `${'y'.repeat(159)}…`,
      });
    });

    test('an entry is written with the change that it tells about, or not at all', async () => {
      const work = transactor().transaction({ tenant: 'acme' }, async (execute) => {
        await execute(appendAudit(makeEntry()));
        throw new TypeError('went wrong');
      });
      await expect(work).rejects.toThrow('went wrong');
      expect(await stores().audits.extent('acme')).toEqual({
        base: { seq: 0, hash: '' },
        firstSeq: 0,
        head: null,
        lastSeq: 0,
      });
    });

    test('appends of many at once form one chain without gaps', async () => {
      const appends = Array.from({ length: 20 }, (_, n) =>
        stores().audits.append('acme', [makeEntry({ target: `t${n}` })]),
      );
      await Promise.all(appends);
      const rows = await stores().audits.read('acme', { after: 0, limit: 100 });
      expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
      for (const [index, row] of rows.entries())
        expect(row.hash).toBe(hashAuditRow(rows[index - 1]?.hash ?? '', row));
    });

    test('is listed newest first, by what is asked for', async () => {
      const { audits } = stores();
      await audits.append('acme', [
        makeEntry({
          at: 1_000,
          kind: 'access',
          action: 'GET /v1/runs/{id}',
          actor: 'key_9',
          target: 'run_1',
        }),
        makeEntry({ at: 2_000 }),
        makeEntry({ at: 3_000, kind: 'security' }),
      ]);
      const seqs = async (filter: object) =>
        (await audits.list('acme', { limit: 10, ...filter })).map((row) => row.seq);
      expect(await seqs({})).toEqual([3, 2, 1]);
      expect(await seqs({ limit: 2, before: 3 })).toEqual([2, 1]);
      expect(await seqs({ since: 2_000, until: 3_000 })).toEqual([2]);
      expect(await seqs({ actor: 'key_9' })).toEqual([1]);
      expect(await seqs({ kind: 'security' })).toEqual([3]);
      expect(await seqs({ action: 'api-key-created', target: 'key_1' })).toEqual([3, 2]);
      expect(await audits.firstSince('acme', 1_500)).toBe(2);
      expect(await audits.firstSince('acme', 9_000)).toBeUndefined();
    });

    test('each tenant has a chain of its own', async () => {
      await stores().audits.append('acme', [makeEntry()]);
      await stores().audits.append('other', [makeEntry(), makeEntry()]);
      expect(await stores().audits.read('acme', { after: 0, limit: 9 })).toHaveLength(1);
      expect(await stores().audits.extent('other')).toMatchObject({ lastSeq: 2 });
    });

    test('no role of the platform can add to it by hand, change it or remove from it', async () => {
      await stores().audits.append('acme', [makeEntry()]);
      const forbidden = ['audit_log', 'audit_heads'].flatMap((table) => [
        `insert into ${table} select * from ${table}`,
        `update ${table} set hash = 'x'`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]);
      const client = await stores().engine.connect();
      for (const role of ['batuta_app', 'batuta_system']) {
        for (const sql of forbidden) {
          await client.query(`begin; set local role ${role}; set local batuta.tenant = 'acme'`);
          await expect(client.query(sql)).rejects.toThrow(/permission denied/);
          await client.query('rollback');
        }
      }
      client.release();
    });

    test('an entry without a tenant is refused', async () => {
      const client = await stores().engine.connect();
      await expect(client.query(`select append_audit('[{}]')`)).rejects.toThrow(/needs a tenant/);
      client.release();
    });
  });
}
