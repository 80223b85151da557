import { randomBytes } from 'node:crypto';
import type { Stores } from './open-database.ts';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import type { Redactor } from '../application/redaction/redactor.ts';
import { SecretVault } from '../application/secret/secret-vault.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { Log } from '../port/log.ts';
import { makeSecretKeys } from './secret-keys.ts';

/** Opens the vault of secrets. Errors: `secret-key-unusable`, `secret-key-missing`, `configuration-invalid`. */
export async function openVault(parts: {
  stores: Pick<Stores, 'secrets' | 'audits'>;
  configuration: Configuration;
  redactor: Redactor;
  log: Log;
}): Promise<SecretVault> {
  const { stores, configuration, redactor, log } = parts;
  const vault = new SecretVault({
    secrets: stores.secrets,
    audits: stores.audits,
    keys: makeSecretKeys(configuration),
    redactor,
    clock: systemClock,
    log,
    randomBytes: (count) => randomBytes(count),
  });
  await vault.open();
  return vault;
}
