import { BatutaError } from '@batuta/contract';
import { platformScopes } from '../../domain/identity/permissions.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import { issueKey, keyMade, newKey } from './issue-key.ts';
import { hashSecret } from './secret.ts';

const shortest = 8;
const weakBelow = 32;
const longest = 256;

/** The administrator of the platform may do everything, also over all tenants. */
const everything = { role: 'administrator', scopes: ['*', ...platformScopes] } as const;

/** The tenant that the administrator belongs to, and the key if one is known: from the configuration or from its file. */
export interface AdministratorOrder {
  tenantId: string;
  given?: { key: string; source: string };
}

/**
 * Sees to it that the administrator has a key: the given one, or a new one, which the caller writes to a file that only
 * its owner can read. Errors: `configuration-invalid`.
 */
export async function ensureAdministratorKey(
  dependencies: AccessDependencies,
  { tenantId, given }: AdministratorOrder,
): Promise<{ key: string; isNew: boolean }> {
  const { store, ids, log } = dependencies;
  await store.ensureTenant(tenantId, tenantId);
  const order = { tenantId, name: 'administrator', ...everything, expiresAt: null };
  if (given === undefined) return { key: (await issueKey(dependencies, order)).key, isNew: true };
  checkGivenKey(given);
  if (given.key.length < weakBelow) log.warn('the administrator key is short', { source: given.source });
  const hash = hashSecret(given.key);
  if ((await store.findKey(hash)) === undefined) {
    const id = ids.create('apiKey');
    await store.addKey(newKey(id, given.key, order), keyMade(id, order));
    // Another process may have added it in the same moment; only a key that ended cannot be found now.
    if ((await store.findKey(hash)) === undefined) {
      throw invalid(
        given.source,
        'was revoked or has expired; choose another, or remove it and the next start makes a new one',
      );
    }
  }
  return { key: given.key, isNew: false };
}

function checkGivenKey({ key, source }: { key: string; source: string }): void {
  const isSendable = /^[\x21-\x7e]+$/.test(key);
  if (isSendable && key.length >= shortest && key.length <= longest) return;
  const reason = `must be ${shortest} to ${longest} visible ASCII characters without spaces; correct it, or remove it and the next start makes a new one`;
  throw invalid(source, reason);
}

function invalid(source: string, reason: string): BatutaError<'configuration-invalid'> {
  return new BatutaError('configuration-invalid', { name: 'BATUTA_ADMIN_KEY', source, reason });
}
