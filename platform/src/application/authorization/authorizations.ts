import {
  BatutaError,
  type Authorization,
  type AuthorizationPage,
  type BegunAuthorization,
} from '@batuta/contract';
import type { ConsentService } from '../../port/consent-service.ts';
import type { GrantOwner, GrantRecord, GrantStore } from '../../port/grant-store.ts';
import type { Ids } from '../../port/ids.ts';
import type { RunStore } from '../../port/run-store.ts';
import type { SecretSealer } from '../../port/secret-store.ts';
import type { Identity } from '../access/identity.ts';
import type { PageRequest } from '../application.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { pageOf, readPageCursor } from '../page.ts';
import { instant } from '../run/render-run.ts';
import type { RunNotifier } from '../worker/run-notifier.ts';

/** A service at which people consent, and what uses their consents. */
export interface ConsentPlace {
  consents: ConsentService;
  /** An owner has consented, or has withdrawn it. */
  changed: (owner: GrantOwner) => void;
}

/** What the use cases about consents need. */
export interface AuthorizationContext {
  grants: GrantStore;
  consentPlaces: readonly ConsentPlace[];
  runs: Pick<RunStore, 'wakeWaiting'>;
  notify: Pick<RunNotifier, 'queued'>;
  ids: Ids;
  vault: SecretSealer;
}

/** Consents of the tenant: administrators see all, others their own. Errors: `cursor-invalid`. */
export async function listAuthorizations(
  { grants }: AuthorizationContext,
  identity: Identity,
  { cursor, limit }: PageRequest,
): Promise<AuthorizationPage> {
  const after = readPageCursor(cursor);
  const records = await grants.list(identity.tenantId, {
    ...visibleTo(identity),
    ...(after === undefined ? {} : { after }),
    limit: limit + 1,
  });
  return pageOf(records, limit, { render: renderAuthorization, key: ({ id }) => id });
}

/** Where the identity consents at a service; null where that was done. Errors: `consent-service-unknown`. */
export async function beginAuthorization(
  context: AuthorizationContext,
  { tenantId, userId }: Identity,
  service: string,
): Promise<BegunAuthorization> {
  const { consents } = findPlace(context, service);
  const needed = await consents.needed({ tenantId, userId });
  return { service, url: needed?.url ?? null };
}

/** Withdraws a consent, at the service, too, where that can be told. Errors: `authorization-unknown`. */
export async function revokeAuthorization(
  context: AuthorizationContext,
  identity: Identity,
  id: string,
): Promise<void> {
  const { tenantId } = identity;
  const grant = await context.grants.find(tenantId, id);
  if (!grant || !isVisible(identity, grant)) throw new BatutaError('authorization-unknown', { id });
  const { service, userId } = grant;
  const before = { service, user_id: userId };
  const audit = auditEntry(identity, { action: 'authorization-revoked', target: id, before });
  if (!(await context.grants.delete({ tenantId, id }, audit)))
    throw new BatutaError('authorization-unknown', { id });
  const place = context.consentPlaces.find(({ consents }) => consents.service === service);
  await place?.consents.withdraw(grant);
  place?.changed(grant);
}

/** The service of that name. Errors: `consent-service-unknown`. */
export function findPlace({ consentPlaces }: AuthorizationContext, service: string): ConsentPlace {
  const place = consentPlaces.find(({ consents }) => consents.service === service);
  if (place) return place;
  const known = consentPlaces.map(({ consents }) => consents.service).join(', ') || 'none';
  throw new BatutaError('consent-service-unknown', { service, known });
}

function visibleTo({ role, userId }: Identity): { userId?: string | null } {
  return role === 'administrator' ? {} : { userId };
}

function isVisible({ role, userId }: Identity, grant: GrantRecord): boolean {
  return role === 'administrator' || grant.userId === userId;
}

function renderAuthorization(grant: GrantRecord): Authorization {
  return {
    id: grant.id,
    service: grant.service,
    user_id: grant.userId,
    scopes: [...grant.scopes],
    expires_at: grant.expiresAt === null ? null : instant(grant.expiresAt),
    created_at: instant(grant.createdAt),
    updated_at: instant(grant.updatedAt),
  };
}
