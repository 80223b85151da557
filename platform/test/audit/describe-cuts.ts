import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolderArchive } from '../../src/adapter/audit-archive/folder-archive.ts';
import { cutAudit } from '../../src/application/audit/cut-audit.ts';
import { verifyAudit } from '../../src/application/audit/verify-audit.ts';
import { ChainVerifier } from '../../src/domain/audit/verify-chain.ts';
import type { AuditArchive, AuditRow } from '../../src/port/audit-log.ts';
import { makeEntry } from '../conformance/audit.ts';
import { useStores, type StoreFactory } from '../conformance/store-factory.ts';
import { MemoryLog } from '../http/open-door.ts';

const signal = new AbortController().signal;

/** What somebody with all rights over the database may do around a cut after entry 5 of 8, and how it is told. */
const manipulations: readonly [what: string, sql: string, fault: object][] = [
  [
    'the beginning moved further without a cut',
    `delete from audit_log where seq = 6;
     update audit_heads set base_seq = 6, base_hash = (select hash from saved where seq = 6)`,
    { kind: 'cut-unproven', seq: 7 },
  ],
  [
    'the first entry after the cut removed',
    'delete from audit_log where seq = 6',
    { kind: 'missing', seq: 6 },
  ],
  [
    'another hash of what was cut',
    `update audit_heads set base_hash = repeat('0', 64)`,
    { kind: 'changed', seq: 6 },
  ],
  ['the cut hidden', `update audit_heads set base_seq = 0, base_hash = ''`, { kind: 'missing', seq: 1 }],
  [
    'the entry about the cut edited',
    `update audit_log set after = replace(after::text, '"to_seq":5', '"to_seq":4')::json where action = 'audit-cut'`,
    { kind: 'changed', seq: 9 },
  ],
  [
    'the entry about the cut removed',
    `delete from audit_log where action = 'audit-cut'`,
    { kind: 'cut-off', seq: 9 },
  ],
  [
    'the entry about the cut removed with the head put back',
    `delete from audit_log where action = 'audit-cut';
     update audit_heads set seq = 8, hash = (select hash from audit_log where seq = 8)`,
    { kind: 'cut-unproven', seq: 6 },
  ],
  [
    'an entry put in before the cut',
    `insert into audit_log select * from saved where seq = 3`,
    { kind: 'before-cut', seq: 3 },
  ],
];

/** The audit log when retention cuts its beginning away. */
export function describeCuts(open: StoreFactory): void {
  describe('a cut of the audit log', () => {
    const stores = useStores(open);
    const verify = (request: object = {}) => verifyAudit(stores().audits, 'acme', request);

    async function fill(count = 8) {
      const at = (n: number) => makeEntry({ at: (n + 1) * 1_000, after: { n: n + 1 } });
      await stores().audits.append(
        'acme',
        Array.from({ length: count }, (_, n) => at(n)),
      );
    }

    function cut(archive: AuditArchive | null = null, log = new MemoryLog()) {
      return cutAudit(
        { audits: stores().audits, archive, log },
        { tenantId: 'acme', keptSince: 5_500, signal },
      );
    }

    async function manipulate(sql: string) {
      await stores().engine.administer((client) =>
        client.query(`begin; set local search_path = batuta; set local row_security = off; ${sql}; commit`),
      );
    }

    test('leaves a chain that is whole, that says so, and that goes on', async () => {
      await fill();
      await stores().audits.append('beta', [makeEntry({ at: 1 })]);
      const [fifth] = await stores().audits.read('acme', { after: 4, limit: 1 });
      expect(await cut()).toBe(5);
      expect(await cut()).toBe(0);
      await stores().audits.append('acme', [makeEntry()]);
      const found = await verify();
      expect(found).toMatchObject({
        intact: true,
        verified: 5,
        first_seq: 6,
        cut: { seq: 5, hash: fifth?.hash },
      });
      const [entry] = await stores().audits.list('acme', { action: 'audit-cut', limit: 9 });
      expect(JSON.parse(entry?.after ?? '')).toMatchObject({
        from_seq: 1,
        to_seq: 5,
        entries: 5,
        hash: fifth?.hash,
      });
      expect(await stores().audits.read('beta', { after: 0, limit: 9 })).toHaveLength(1);
    });

    test('after a cut can be cut again, and never loses its last entry', async () => {
      await fill();
      await cut();
      const all = { tenantId: 'acme', keptSince: Date.now() + 60_000, signal };
      expect(await cutAudit({ audits: stores().audits, archive: null, log: new MemoryLog() }, all)).toBe(3);
      expect(await verify()).toMatchObject({ intact: true, first_seq: 9, cut: { seq: 8 } });
    });

    test.each(manipulations)('shows %s', async (_, sql, fault) => {
      await fill();
      await manipulate('create table if not exists saved as select * from audit_log');
      await cut();
      await manipulate(sql);
      await manipulate('drop table saved');
      expect(await verify()).toMatchObject({ intact: false, fault });
    });

    test('is compared with anchors from outside at it and after it, and says which are before it', async () => {
      await fill();
      const anchors = (await stores().audits.read('acme', { after: 0, limit: 9 })).map(
        (row) => `${row.seq}:${row.hash}`,
      );
      await cut();
      expect(await verify({ anchors: anchors.join(',') })).toMatchObject({
        intact: true,
        unchecked_anchors: [1, 2, 3, 4],
      });
      const forged = { anchors: `5:${'0'.repeat(64)}` };
      expect(await verify(forged)).toMatchObject({ fault: { kind: 'anchor-mismatch', seq: 5 } });
    });

    test('is not made of what is not whole: that is told, once in the log', async () => {
      await fill();
      await manipulate(`update audit_log set actor = 'usr_2' where seq = 3`);
      const log = new MemoryLog();
      expect([await cut(null, log), await cut(null, log)]).toEqual([0, 0]);
      expect(await stores().audits.read('acme', { after: 0, limit: 9 })).toHaveLength(9);
      const refused = await stores().audits.list('acme', { action: 'audit-cut-refused', limit: 9 });
      expect(refused).toMatchObject([{ target: '3', reason: 'changed', outcome: 'failed' }]);
      expect(await verify()).toMatchObject({ fault: { kind: 'changed', seq: 3 } });
    });

    test('is refused by the database itself for a segment that is not whole, or not what was verified', async () => {
      await fill();
      const hashOf = async (seq: number) =>
        (await stores().audits.read('acme', { after: seq - 1, limit: 1 }))[0]?.hash ?? '';
      const refuse = async (seq: number, hash: string) =>
        expect(await stores().audits.cut('acme', { seq, hash }, makeEntry())).toBe(false);
      await refuse(5, '0'.repeat(64));
      await refuse(8, await hashOf(8));
      await manipulate(`update audit_log set actor = 'usr_2' where seq = 3`);
      await refuse(5, await hashOf(5));
      expect(await stores().audits.read('acme', { after: 0, limit: 9 })).toHaveLength(8);
    });

    test('is written to the archive before, from which the chain can be verified alone', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'batuta-archive-'));
      await fill();
      await cut(makeFolderArchive(folder));
      const [file = ''] = await readdir(path.join(folder, 'acme'));
      expect(file).toBe('000000000001-000000000005.jsonl');
      const lines = (await readFile(path.join(folder, 'acme', file), 'utf8')).trimEnd().split('\n');
      const verifier = new ChainVerifier(null);
      expect(lines.map((line) => verifier.next(JSON.parse(line) as AuditRow))).toEqual(
        Array(5).fill(undefined),
      );
      expect((await verify()).cut).toEqual(verifier.last);
      await rm(folder, { recursive: true });
    });

    test('is not made when the archive cannot be written', async () => {
      await fill();
      const full: AuditArchive = { keep: () => Promise.reject(new TypeError('no space')) };
      await expect(cut(full)).rejects.toThrow('no space');
      expect(await verify()).toMatchObject({ intact: true, first_seq: 1, cut: null });
    });
  });
}
