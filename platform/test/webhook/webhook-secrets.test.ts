import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { makeTestVault } from '@batuta/testkit/vault';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { rotateWebhook } from '../../src/application/webhook/webhooks.ts';
import type { SecretVault } from '../../src/application/secret/secret-vault.ts';
import { backupOf, contentOf, databaseKinds, linesOf, openEmpty } from '../backup/backup-kit.ts';
import { MemoryLog } from '../http/open-door.ts';
import { Receiver, isSigned } from './receiver.ts';
import { ana, WebhookKit } from './webhook-kit.ts';

describe.each(databaseKinds)('what webhooks sign with, on %s', (kind) => {
  let stores: FreshDatabase;
  let receiver: Receiver;
  let vault: SecretVault;
  let kit: WebhookKit;

  beforeEach(async () => {
    stores = await freshDatabase(kind, inject('postgresUrl'));
    receiver = await new Receiver().listen();
    const surroundings = new WebhookKit(stores).context;
    ({ vault } = makeTestVault(stores, surroundings));
    kit = new WebhookKit(stores, { vault });
  });

  afterEach(async () => {
    await receiver[Symbol.asyncDispose]();
    stores.release();
  });

  /** Every form in which a row, shown as text, could hold a secret. */
  const formsOf = (secret: string) => {
    const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const asText = Buffer.from(secret);
    return [
      secret,
      secret.slice(6),
      bytes.toString('hex'),
      asText.toString('hex'),
      asText.toString('base64'),
    ];
  };

  const deliverOne = async (id: string) => {
    await kit.announce();
    await kit.deliver(id);
    return receiver.received.at(-1)!;
  };

  test('is in no row of any table that the owner of the database reads, before and after a rotation', async () => {
    const former = await kit.add(receiver.url);
    const rotated = await rotateWebhook(kit.context, ana, { id: former.id, overlapHours: 24 });
    const rows = Object.values(await contentOf(stores.engine)).flat();
    expect(rows.some((row) => row.includes(former.id) && row.includes('secret_ciphertext'))).toBe(true);
    const forms = [former, rotated].flatMap(({ secret }) => formsOf(secret));
    expect(forms.filter((form) => rows.some((row) => row.includes(form)))).toEqual([]);
    expect(isSigned(await deliverOne(former.id), former.secret)).toBe(true);
  });

  test('signs on while the key of the ring is rotated, with both secrets of an overlap', async () => {
    const former = await kit.add(receiver.url);
    const { secret } = await rotateWebhook(kit.context, ana, { id: former.id, overlapHours: 24 });
    const before = await stores.webhooks.get(ana.tenantId, former.id);
    const rotation = await vault.rotateKey(ana);
    expect(rotation).toMatchObject({ secrets: 2, unused_key_ids: [before!.secret.keyId] });
    const after = await stores.webhooks.get(ana.tenantId, former.id);
    expect([after!.secret.keyId, after!.previousSecret?.keyId]).toEqual([rotation.key_id, rotation.key_id]);
    const message = await deliverOne(former.id);
    expect([former.secret, secret].map((each) => isSigned(message, each))).toEqual([true, true]);
  });

  test('is of no use in the row of another webhook', async () => {
    const [one, other] = [await kit.add(receiver.url), await kit.add(receiver.url)];
    const swap = `update batuta.webhooks w set secret_key_id = o.secret_key_id, secret_nonce = o.secret_nonce,
      secret_ciphertext = o.secret_ciphertext from batuta.webhooks o where w.id = '${one.id}' and o.id = '${other.id}'`;
    await stores.engine.administer((client) => client.query(swap));
    await kit.announce();
    await kit.deliver(one.id);
    expect(receiver.received).toEqual([]);
    const target = { tenantId: ana.tenantId, id: one.id };
    const [delivery] = await stores.webhooks.deliveries(target, { limit: 1 });
    expect(delivery).toMatchObject({ status: 'pending', attempts: 1, lastStatus: null });
    expect(delivery!.lastError).toContain('cannot be decrypted');
  });

  test('is restored by a backup: with the key it signs, without it the start says which key is missing', async () => {
    const { id, secret } = await kit.add(receiver.url);
    const backup = await backupOf(stores.database);
    const target = await openEmpty(kind);
    await target.database.restore(linesOf(backup), { resume: true });
    const restored = await target.webhooks.get(ana.tenantId, id);
    expect(await vault.unseal(ana.tenantId, restored!.secret)).toBe(secret);
    const keyless = makeTestVault(target, { clock: kit.clock, log: new MemoryLog() }, []).vault;
    await expect(keyless.open()).rejects.toMatchObject({
      code: 'secret-key-missing',
      data: { count: 1, key_id: restored!.secret.keyId, known: 'none' },
    });
    await target.database.close();
  });
});
