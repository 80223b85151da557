import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import {
  anchorAudit,
  defineAnchorJob,
  type AnchorContext,
} from '../../src/application/audit/anchor-audit.ts';
import { verifyAudit } from '../../src/application/audit/verify-audit.ts';
import { makeEntry } from '../conformance/audit.ts';
import { MemoryLog } from '../http/open-door.ts';
import { isSigned, Receiver } from '../webhook/receiver.ts';
import { ana, WebhookKit } from '../webhook/webhook-kit.ts';

const minute = 60_000;
const signal = new AbortController().signal;

describe.each(['pglite', 'postgres'] as const)('ends of the audit log on %s', (kind) => {
  let stores: FreshDatabase;
  let kit: WebhookKit;
  let context: AnchorContext;
  const log = new MemoryLog();
  const woken: string[] = [];

  beforeEach(async () => {
    stores = await freshDatabase(kind, inject('postgresUrl'));
    kit = new WebhookKit(stores);
    kit.clock.advance(Date.now() - kit.clock.now());
    woken.length = 0;
    log.lines.length = 0;
    const announced = (_: string, ids: readonly string[]) => void woken.push(...ids);
    context = { ...kit.context, audits: stores.audits, log, anchorMs: 15 * minute, announced };
  });
  afterEach(() => stores.release());

  const anchors = () => log.lines.map((line) => line.fields?.['anchor']).filter((each) => each !== undefined);

  test('are told where only changes have made the chain grow, once for each growth and not too often', async () => {
    const { secrets } = stores;
    const sealed = { name: 'a', keyId: 'k', nonce: new Uint8Array([1]), ciphertext: new Uint8Array([1]) };
    const change = () => secrets.put('acme', { ...sealed, updatedBy: 'ana' }, makeEntry());
    await change();
    expect(await anchorAudit(context, signal)).toBe(1);
    expect(await anchorAudit(context, signal)).toBe(0);
    await change();
    expect(await anchorAudit(context, signal)).toBe(0);
    kit.clock.advance(16 * minute);
    expect(await anchorAudit(context, signal)).toBe(1);
    kit.clock.advance(16 * minute);
    expect(await anchorAudit(context, signal)).toBe(0);
    const { head } = await stores.audits.extent('acme');
    expect(anchors()).toEqual([expect.stringMatching(/^1:[0-9a-f]{64}$/), `2:${head?.hash}`]);
  });

  test('go to webhooks, signed; with one a chain that its owner has made anew is found out', async () => {
    await using receiver = await new Receiver().listen();
    const { id, secret } = await kit.add(receiver.url, ['audit-anchored']);
    const other = await kit.add(receiver.url, ['run-failed']);
    await anchorAudit(context, signal);
    expect(woken).toEqual([id]);
    for (const each of [id, other.id]) await kit.deliver(each);
    const [message] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(message).toMatchObject({ type: 'audit-anchored', data: { tenant_id: ana.tenantId, seq: 2 } });
    expect(isSigned(message!, secret)).toBe(true);
    const request = { anchors: String(message!.data['anchor']) };
    expect(await verifyAudit(stores.audits, ana.tenantId, request)).toMatchObject({ intact: true });
    await makeAnew(stores);
    expect(await verifyAudit(stores.audits, ana.tenantId, {})).toMatchObject({ intact: true });
    const found = await verifyAudit(stores.audits, ana.tenantId, request);
    expect(found).toMatchObject({ intact: false, fault: { kind: 'anchor-mismatch', seq: 2 } });
  });

  test('are told by no job where they are not to be told', () => {
    const declared: string[] = [];
    const add = (name: string) => void declared.push(name);
    for (const anchorMs of [0, minute]) {
      defineAnchorJob({ ...context, anchorMs }, { define: add, every: add });
      expect(declared).toHaveLength(anchorMs === 0 ? 0 : 2);
    }
  });
});

/** As the owner of the database: an edit, and every hash from there on computed again, the head's too. */
async function makeAnew({ engine }: FreshDatabase): Promise<void> {
  await engine.administer((client) =>
    client.query(`begin; set local search_path = batuta; set local row_security = off;
      update audit_log set actor_name = 'Nobody' where seq = 1;
      do $$ declare entry audit_log; last text := ''; begin
        for entry in select * from audit_log order by seq loop
          last := audit_hash(last, entry);
          update audit_log set hash = last where seq = entry.seq;
        end loop;
        update audit_heads set hash = last;
      end $$; commit`),
  );
}
