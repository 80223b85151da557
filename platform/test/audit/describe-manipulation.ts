import { describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/application/audit/verify-audit.ts';
import { makeEntry } from '../conformance/audit.ts';
import { useStores, type StoreFactory } from '../conformance/store-factory.ts';

const columns = `tenant_id, seq, at, kind, action, actor_kind, actor, actor_name, key_id, target, outcome, reason, address,
  user_agent, count, before, after, hash`;

/** What somebody with all rights over the database may do to the log, and how it is told. */
const manipulations: readonly [what: string, sql: string, fault: object][] = [
  ['an edited actor', `update audit_log set actor = 'usr_2' where seq = 4`, { kind: 'changed', seq: 4 }],
  [
    'an edited time',
    `update audit_log set at = at + interval '1 ms' where seq = 4`,
    { kind: 'changed', seq: 4 },
  ],
  ['an edited count', `update audit_log set count = 2 where seq = 1`, { kind: 'changed', seq: 1 }],
  [
    'spaces in a detail',
    `update audit_log set after = '{ "n": 4 }' where seq = 4`,
    { kind: 'changed', seq: 4 },
  ],
  ['a detail made null', `update audit_log set after = null where seq = 4`, { kind: 'changed', seq: 4 }],
  [
    'an edited hash',
    `update audit_log set hash = repeat('0', 64) where seq = 4`,
    { kind: 'changed', seq: 4 },
  ],
  [
    'an edited row with its own hash made anew',
    `update audit_log entry set actor = 'usr_2',
       hash = audit_hash((select hash from audit_log where seq = 3), (entry.*)::audit_log) where seq = 4`,
    { kind: 'changed', seq: 4 },
  ],
  ['the first row removed', 'delete from audit_log where seq = 1', { kind: 'missing', seq: 1 }],
  ['a row removed', 'delete from audit_log where seq = 4', { kind: 'missing', seq: 4 }],
  [
    'a row removed and the gap closed',
    'delete from audit_log where seq = 4; update audit_log set seq = seq - 1 where seq > 4',
    { kind: 'changed', seq: 4 },
  ],
  [
    'two rows that changed places',
    'update audit_log set seq = 99 where seq = 4; update audit_log set seq = 4 where seq = 5; update audit_log set seq = 5 where seq = 99',
    { kind: 'changed', seq: 4 },
  ],
  [
    'a row put in',
    `update audit_log set seq = -seq where seq > 4; alter table audit_log add check (seq > -100);
     update audit_log set seq = 1 - seq where seq < 0;
     insert into audit_log select tenant_id, 5, at, kind, action, actor_kind, 'usr_9', actor_name, key_id, target, outcome, reason,
       address, user_agent, count, before, after, hash from audit_log where seq = 4`,
    { kind: 'changed', seq: 5 },
  ],
  ['the end cut off', 'delete from audit_log where seq > 5', { kind: 'cut-off', seq: 6 }],
  [
    'a row put behind the end',
    `insert into audit_log (${columns}) select tenant_id, 9, at, kind, action, actor_kind, actor, actor_name, key_id, target, outcome,
       reason, address, user_agent, count, before, after, hash from audit_log where seq = 8`,
    { kind: 'beyond-head', seq: 9 },
  ],
  ['everything removed', 'delete from audit_log', { kind: 'cut-off', seq: 1 }],
];

/** What only an anchor that was kept elsewhere can show. */
const withHead: readonly [what: string, sql: string, fault: object][] = [
  [
    'the end cut off together with the head',
    `delete from audit_log where seq > 5;
     update audit_heads set seq = 5, hash = (select hash from audit_log where seq = 5)`,
    { kind: 'cut-off', seq: 6 },
  ],
  [
    'the log and its head removed',
    'delete from audit_log; delete from audit_heads',
    { kind: 'cut-off', seq: 1 },
  ],
  [
    'the whole chain made anew after an edit',
    `update audit_log set actor = 'usr_2' where seq = 4;
     do $$ declare entry audit_log; last text := ''; begin
       for entry in select * from audit_log order by seq loop
         last := audit_hash(last, entry);
         update audit_log set hash = last where seq = entry.seq;
       end loop;
       update audit_heads set hash = last;
     end $$`,
    { kind: 'anchor-mismatch', seq: 8 },
  ],
];

/** The audit log in the hands of somebody who may do anything to the database. */
export function describeManipulation(open: StoreFactory): void {
  describe('verification', () => {
    const stores = useStores(open);

    async function fill() {
      const entries = Array.from({ length: 8 }, (_, n) =>
        makeEntry({ at: (n + 1) * 1_000, after: { n: n + 1 } }),
      );
      await stores().audits.append('acme', entries);
      const { head } = await verify();
      return `${head?.seq}:${head?.hash}`;
    }

    const verify = (request: object = {}) => verifyAudit(stores().audits, 'acme', request);

    /** As the owner of the database, past every rule: triggers, constraints, row-level security. */
    async function manipulate(sql: string) {
      await stores().engine.administer(async (client) => {
        await client.query(`begin; set local search_path = batuta; set local row_security = off;
          alter table audit_log drop constraint if exists audit_log_seq_check; ${sql}; commit`);
      });
    }

    test('finds nothing wrong with what was only appended to', async () => {
      const anchors = await fill();
      await stores().audits.append('acme', [makeEntry()]);
      expect(await verify({ anchors })).toMatchObject({
        intact: true,
        verified: 9,
        first_seq: 1,
        fault: null,
      });
      const since = new Date(5_000).toISOString();
      expect(await verify({ since })).toMatchObject({ intact: true, verified: 5, first_seq: 5 });
      expect(await verify({ since, anchors: anchors })).toMatchObject({ intact: true, first_seq: 5 });
    });

    test.each(manipulations)('finds %s', async (_, sql, fault) => {
      await fill();
      await manipulate(sql);
      expect(await verify()).toMatchObject({ intact: false, fault });
    });

    test.each(withHead)('finds %s by an anchor', async (_, sql, fault) => {
      const anchors = await fill();
      await manipulate(sql);
      expect(await verify({ anchors })).toMatchObject({ intact: false, fault });
    });

    test('of the newest part finds what is wrong there, and says nothing of older parts', async () => {
      await fill();
      await manipulate(`update audit_log set actor = 'x' where seq = 2`);
      expect(await verify({ since: new Date(4_000).toISOString() })).toMatchObject({
        intact: true,
        first_seq: 4,
      });
      await manipulate(`update audit_log set actor = 'x' where seq = 6`);
      const found = await verify({ since: new Date(4_000).toISOString() });
      expect(found).toMatchObject({ verified: 2, fault: { kind: 'changed', seq: 6 } });
    });

    test('of a tenant without entries finds nothing, and is not disturbed by other tenants', async () => {
      await stores().audits.append('beta', [makeEntry()]);
      expect(await verify()).toEqual({
        intact: true,
        verified: 0,
        first_seq: null,
        head: null,
        cut: null,
        unchecked_anchors: [],
        fault: null,
      });
    });
  });
}
