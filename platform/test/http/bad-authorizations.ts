import { badBodies, badIds, badPages, invalid, post, type BadInput } from './bad-input-kit.ts';
import { fakeGrants } from './fake-authorizations.ts';

const path = '/v1/authorizations';
const grant = { thing: 'authorization', foreign: fakeGrants.foreign };

/** The bad inputs of consents. */
export const authorizationBadInputs: Readonly<Record<string, readonly BadInput[]>> = {
  'GET /v1/authorizations': badPages(path),
  'POST /v1/authorizations': [
    ...badBodies(path, { service: 'mcp:tickets' }),
    invalid('a service that is none', path, post({ service: 'tickets' })),
    {
      what: 'an unknown service',
      path,
      request: post({ service: 'mcp:nothing' }),
      status: 404,
      code: 'consent-service-unknown',
    },
  ],
  'DELETE /v1/authorizations/{id}': badIds((id) => `${path}/${id}`, grant).map((bad) => ({
    ...bad,
    request: { ...bad.request, method: 'DELETE' },
  })),
};
