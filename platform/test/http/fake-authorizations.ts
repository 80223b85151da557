import { BatutaError } from '@batuta/contract';
import type { Application } from '../../src/application/application.ts';

const at = '2026-11-21T00:00:00.000Z';

/** The consent of the fake, and one of another tenant. */
export const fakeGrants = { own: `grt_${'1'.padStart(26, '0')}`, foreign: `grt_${'9'.padStart(26, '0')}` };

/** Consents of a tenant that has one, at `mcp:tickets`. */
export const fakeAuthorizations: Application['authorizations'] = {
  list: async (_, { cursor = '' }) => {
    if (cursor !== '') throw new BatutaError('cursor-invalid', { cursor });
    const grant = { id: fakeGrants.own, service: 'mcp:tickets', user_id: null, scopes: [], expires_at: null };
    return { items: [{ ...grant, created_at: at, updated_at: at }], next_cursor: null };
  },
  begin: async (_, service) => {
    if (service !== 'mcp:tickets')
      throw new BatutaError('consent-service-unknown', { service, known: 'none' });
    return { service, url: null };
  },
  revoke: async ({ tenantId }, id) => {
    if (tenantId !== 'one' || id !== fakeGrants.own) throw new BatutaError('authorization-unknown', { id });
  },
  clientMetadata: (redirectUrl) => ({ redirect_uris: [redirectUrl] }),
  asked: async (state) => {
    if (state !== 'good') throw new BatutaError('authorization-failed', { reason: 'it was used' });
    return { service: 'mcp:tickets', isOfUser: false };
  },
  finish: async (returned) => {
    if (returned.get('state') !== 'good')
      throw new BatutaError('authorization-failed', { reason: 'it was used' });
    return { service: 'mcp:tickets' };
  },
};
