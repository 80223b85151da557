import { freshDatabase } from '@batuta/testkit/database';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Redactor } from '../../src/application/redaction/redactor.ts';
import { SecretVault } from '../../src/application/secret/secret-vault.ts';
import type { SecretKeySource, SecretStore } from '../../src/port/secret-store.ts';
import { grantedScopes } from '../../src/domain/identity/granted-scopes.ts';
import { FakeClock } from '../http/fake-clock.ts';
import { MemoryLog } from '../http/open-door.ts';

const role = 'administrator' as const;
const scopes = grantedScopes({ tenantId: 'acme', role, scopes: ['*'] }, 'acme');
const ana = { tenantId: 'acme', keyId: 'key_1', userId: null, name: 'ana', role, scopes, address: null };
const newKey = () => randomBytes(32).toString('base64');

/** Keys as a file holds them: they outlive a vault. */
function makeKeys(kept: string[] = [], isConfigured = false): SecretKeySource & { kept: string[] } {
  const source = {
    kept,
    how: 'put it back',
    load: async () => [...source.kept],
    store: isConfigured ? null : async (keys: readonly string[]) => void (source.kept = [...keys]),
  };
  return source;
}

async function withVault(
  use: (kit: {
    open: (keys: SecretKeySource, store?: Partial<SecretStore>) => SecretVault;
    redactor: Redactor;
    log: MemoryLog;
    stores: Awaited<ReturnType<typeof freshDatabase>>;
  }) => Promise<void>,
) {
  const stores = await freshDatabase('pglite');
  const redactor = new Redactor({ find: async () => [] });
  const log = new MemoryLog();
  const open = (keys: SecretKeySource, changed: Partial<SecretStore> = {}) => {
    const { secrets, audits } = stores;
    const store: SecretStore = {
      put: (...values) => secrets.put(...values),
      get: (...values) => secrets.get(...values),
      sealed: (...values) => secrets.sealed(...values),
      list: (...values) => secrets.list(...values),
      delete: (...values) => secrets.delete(...values),
      keysInUse: () => secrets.keysInUse(),
      sealedWithOthers: (...values) => secrets.sealedWithOthers(...values),
      reseal: (...values) => secrets.reseal(...values),
      ...changed,
    };
    return new SecretVault({
      secrets: store,
      audits,
      keys,
      redactor,
      clock: new FakeClock(),
      log,
      randomBytes,
    });
  };
  await use({ open, redactor, log, stores }).finally(() => stores.release());
}

describe('the vault', () => {
  test('makes a key with the first secret, and gives values to who may use them', () =>
    withVault(async ({ open }) => {
      const keys = makeKeys();
      const vault = open(keys);
      await vault.open();
      expect(keys.kept).toEqual([]);
      await vault.set(ana, 'weather', 'correct-horse');
      expect(keys.kept).toHaveLength(1);
      expect(await vault.value('acme', 'weather')).toBe('correct-horse');
      await expect(vault.value('other', 'weather')).rejects.toThrow(/no secret "weather"/);
      const again = open(keys);
      await again.open();
      expect(await again.value('acme', 'weather')).toBe('correct-horse');
    }));

  test('keeps no secret where nobody has configured a key', () =>
    withVault(async ({ open }) => {
      const vault = open(makeKeys([], true));
      await vault.open();
      await expect(vault.set(ana, 'weather', 'correct-horse')).rejects.toThrow(/Set BATUTA_SECRET_KEY/);
      await expect(vault.rotateKey(ana)).rejects.toThrow(/Set BATUTA_SECRET_KEY/);
    }));

  test('does not open with a wrong key, and says which one is missing', () =>
    withVault(async ({ open }) => {
      const keys = makeKeys();
      await open(keys).set(ana, 'weather', 'correct-horse');
      const wrong = open(makeKeys([newKey()]));
      await expect(wrong.open()).rejects.toMatchObject({
        code: 'secret-key-missing',
        data: { count: 1, how: 'put it back' },
      });
      await expect(open(makeKeys()).open()).rejects.toThrow(/among the keys of this process \(none\)/);
      await expect(open(makeKeys([newKey(), ...keys.kept])).open()).resolves.toBeUndefined();
    }));

  test('tells a secret that was changed in the database', () =>
    withVault(async ({ open, stores }) => {
      const vault = open(makeKeys());
      await vault.set(ana, 'weather', 'correct-horse');
      const copy = `insert into batuta.secrets select tenant_id, 'moved', key_id, nonce, ciphertext, created_at, updated_at, updated_by from batuta.secrets`;
      await stores.engine.administer((client) => client.query(copy));
      await expect(vault.value('acme', 'moved')).rejects.toMatchObject({ code: 'secret-unreadable' });
    }));

  test('lets the redactor know secrets of the tenant that this process has not used', () =>
    withVault(async ({ open, stores }) => {
      const keys = makeKeys();
      await open(keys).set(ana, 'weather', 'correct-horse');
      const other = new Redactor({ find: async () => [] });
      const { secrets, audits } = stores;
      const parts = {
        secrets,
        audits,
        keys,
        redactor: other,
        clock: new FakeClock(),
        log: new MemoryLog(),
        randomBytes,
      };
      const vault = new SecretVault(parts);
      await vault.open();
      await vault.know('acme');
      expect(vault.know('acme')).toBeUndefined();
      expect(vault.know('other')).toBeUndefined();
      expect(await other.content('It is Y29ycmVjdC1ob3JzZQ==', 'acme')).toBe(
        'It is [redacted: secret weather]Q==',
      );
      expect(await other.content('correct-horse', 'other')).toBe('correct-horse');
    }));
});

describe('a rotation', () => {
  const names = Array.from({ length: 250 }, (_, n) => `s${n}`);

  async function fill(vault: SecretVault) {
    for (const name of names) await vault.set(ana, name, `value of ${name}`);
    await vault.set({ ...ana, tenantId: 'beta' }, 'theirs', 'value of beta');
  }

  async function allReadable(vault: SecretVault) {
    for (const name of names) expect(await vault.value('acme', name)).toBe(`value of ${name}`);
    expect(await vault.value('beta', 'theirs')).toBe('value of beta');
  }

  test('encrypts all secrets of all tenants with a new key and drops the old one', () =>
    withVault(async ({ open, stores }) => {
      const keys = makeKeys();
      const vault = open(keys);
      await fill(vault);
      const [old] = keys.kept;
      const [rotation, second] = await Promise.all([vault.rotateKey(ana), vault.rotateKey(ana)]);
      expect(rotation).toMatchObject({ made: true, secrets: 251, unused_key_ids: [expect.any(String)] });
      expect(second).toEqual(rotation);
      expect(keys.kept).toHaveLength(1);
      expect(keys.kept).not.toContain(old);
      await allReadable(vault);
      const [entry] = await stores.audits.list('acme', { action: 'secret-key-rotated', limit: 1 });
      expect(entry).toMatchObject({ target: rotation.key_id });
    }));

  test('that was interrupted leaves everything readable, and goes on without another key', () =>
    withVault(async ({ open, log, stores }) => {
      const keys = makeKeys();
      await fill(open(keys));
      let batches = 0;
      const dying = open(keys, {
        reseal: async (tenantId, pairs) => {
          batches += 1;
          if (batches === 2) throw new TypeError('killed');
          return stores.secrets.reseal(tenantId, pairs);
        },
      });
      await expect(dying.rotateKey(ana)).rejects.toThrow('killed');
      expect(keys.kept).toHaveLength(2);
      const next = open(keys);
      await next.open();
      expect(log.lines).toMatchObject([{ level: 'warn', message: /older key/ }]);
      await allReadable(next);
      expect(await next.rotateKey(ana)).toMatchObject({ made: false, secrets: 151 });
      expect(keys.kept).toHaveLength(1);
      await allReadable(next);
    }));

  test('with configured keys moves to the first one, and says which ones are no longer needed', () =>
    withVault(async ({ open }) => {
      const [old, fresh] = [newKey(), newKey()];
      await fill(open(makeKeys([old], true)));
      const vault = open(makeKeys([fresh, old], true));
      const rotation = await vault.rotateKey(ana);
      expect(rotation).toMatchObject({ made: false, secrets: 251 });
      expect(rotation.unused_key_ids).toHaveLength(1);
      const without = open(makeKeys([fresh], true));
      await without.open();
      await allReadable(without);
    }));
});
