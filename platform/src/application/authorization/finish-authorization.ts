import { createHash } from 'node:crypto';
import { BatutaError } from '@batuta/contract';
import { grantSecretName, type AuthorizationRequest } from '../../port/grant-store.ts';
import type { Identity } from '../access/identity.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { authorised } from '../tool/authorised.ts';
import { findPlace, type AuthorizationContext } from './authorizations.ts';

/** What a page shows before somebody ends a consent. */
export interface AskedAuthorization {
  service: string;
  /** It is the consent of a user: only a browser in which they are signed in can end it. */
  isOfUser: boolean;
}

/** What is asked for by a state. A state is good once, for a time. Errors: `authorization-failed`. */
export async function askedAuthorization(
  { grants }: AuthorizationContext,
  state: string,
): Promise<AskedAuthorization> {
  const { tenantId, hash } = readState(state);
  const request = await grants.peek(tenantId, hash);
  if (!request) throw used();
  return { service: request.service, isOfUser: request.userId !== null };
}

/**
 * Ends a consent that a browser came back from. `who`: who is signed in in that browser. The consent of a user is ended by that user only, or
 * somebody could be made to consent for another. Errors: `authorization-failed`, `authorization-not-yours`.
 */
export async function finishAuthorization(
  context: AuthorizationContext,
  returned: URLSearchParams,
  who: Identity | null,
): Promise<{ service: string }> {
  const { tenantId, hash } = readState(returned.get('state') ?? '');
  const asked = await context.grants.peek(tenantId, hash);
  if (!asked) throw used();
  if (!mayFinish(asked, who)) throw new BatutaError('authorization-not-yours', { server: asked.service });
  const request = await context.grants.take(tenantId, hash);
  if (!request) throw used();
  const { service } = request;
  await storeGrant(context, { request, returned, who });
  findPlace(context, service).changed(request);
  await authorised(context, tenantId);
  return { service };
}

async function storeGrant(
  context: AuthorizationContext,
  finished: { request: AuthorizationRequest; returned: URLSearchParams; who: Identity | null },
): Promise<void> {
  const { request, returned, who } = finished;
  const { tenantId, userId, service } = request;
  const { consents } = findPlace(context, service);
  const { value, ...grant } = await consents.finish(request, returned);
  const id = context.ids.create('grant');
  const sealed = await context.vault.seal({ tenantId, name: grantSecretName(id) }, value, consents.secretsIn);
  const deed = {
    action: 'authorization-granted',
    target: id,
    after: { service, user_id: userId, scopes: [...grant.scopes] },
  };
  await context.grants.put({ ...grant, id, sealed }, auditEntry(who ?? nobodyOf(tenantId), deed));
}

function mayFinish({ tenantId, userId }: AuthorizationRequest, who: Identity | null): boolean {
  if (userId === null) return who === null || who.tenantId === tenantId;
  return who !== null && who.tenantId === tenantId && who.userId === userId;
}

/** `<tenant>.<random>`: the tenant is told, so that nothing is looked for in others. */
function readState(state: string): { tenantId: string; hash: string } {
  const tenantId = /^([\w-]{1,64})\.[\w-]{43}$/.exec(state)?.[1];
  if (tenantId === undefined) throw used();
  return { tenantId, hash: createHash('sha256').update(state).digest('base64url') };
}

function used(): BatutaError<'authorization-failed'> {
  const reason = 'this link was used already, has expired, or is none of this server';
  return new BatutaError('authorization-failed', { reason });
}

/** A browser in which nobody is signed in ends a consent that is nobody's. */
function nobodyOf(tenantId: string): Identity {
  const scopes = new Set<never>();
  return { tenantId, keyId: null, userId: null, name: 'browser', role: 'viewer', scopes, address: null };
}
