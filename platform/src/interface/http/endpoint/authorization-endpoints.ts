import {
  authorizationPageSchema,
  BatutaError,
  beginAuthorizationSchema,
  begunAuthorizationSchema,
  pageQuerySchema,
} from '@batuta/contract';
import type { Identity } from '../../../application/access/identity.ts';
import { answerEmpty, answerJson } from '../answer.ts';
import { defineEndpoint, definePage, type Endpoint } from '../endpoint.ts';
import type { Exchange } from '../exchange.ts';
import type { PageLanguage } from '../page/approval-page-text.ts';
import { makeConnectedPage, makeConsentPage, makeNotConnectedPage } from '../page/consent-page.ts';
import { answerPage, type Page } from '../page/page.ts';
import { preferredLanguage } from '../request/accept-language.ts';
import { authorizationParams } from '../request/path-params.ts';
import { addressOf, readLoginCookie } from '../security/login-cookie.ts';
import { requireOwnPage } from '../security/authorise.ts';
import { jsonAnswer } from './answer-description.ts';

const group = 'Authorizations';
const callback = '/authorizations/callback';

const list = defineEndpoint({
  method: 'GET',
  path: '/v1/authorizations',
  summary:
    'List consents at services elsewhere: administrators all, others their own. Tokens are never shown.',
  group,
  scope: 'authorizations:read',
  query: pageQuerySchema,
  answers: [jsonAnswer(200, 'One page of consents.', authorizationPageSchema)],
  errors: ['cursor-invalid'],
  handle: async (exchange) =>
    answerJson(
      exchange,
      await exchange.door.application.authorizations.list(exchange.identity, exchange.query),
    ),
});

const begin = defineEndpoint({
  method: 'POST',
  path: '/v1/authorizations',
  summary: 'Ask where to consent at a service, before a run needs it.',
  group,
  scope: 'authorizations:write',
  body: beginAuthorizationSchema,
  answers: [jsonAnswer(200, 'The address to open, or null where it was granted.', begunAuthorizationSchema)],
  errors: ['consent-service-unknown'],
  async handle(exchange) {
    const { door, identity, body } = exchange;
    return answerJson(exchange, await door.application.authorizations.begin(identity, body.service));
  },
});

const revoke = defineEndpoint({
  method: 'DELETE',
  path: '/v1/authorizations/{id}',
  summary: 'Withdraw a consent, at the service, too, where it can be told.',
  group,
  scope: 'authorizations:write',
  params: authorizationParams,
  answers: [{ status: 204, description: 'Withdrawn.', mediaType: null }],
  async handle(exchange) {
    await exchange.door.application.authorizations.revoke(exchange.identity, exchange.params.id);
    return answerEmpty(exchange, 204);
  },
});

/** A GET ends nothing: who follows a link by mistake, or for somebody, has used nothing up. */
const returned = definePage(
  { path: callback, summary: 'Where services send browsers back to.', recorded: 'security' },
  (exchange) =>
    answerInLanguage(exchange, async (language) => {
      const asked = await exchange.door.application.authorizations.asked(
        queryOf(exchange).get('state') ?? '',
      );
      return makeConsentPage(asked, language);
    }),
);

/** The state is the credential, and for the consent of a user the browser in which they are signed in. */
const finish = definePage(
  { method: 'POST', path: callback, summary: 'End a consent.', recorded: 'security' },
  (exchange) =>
    answerInLanguage(exchange, async (language) => {
      const { authorizations } = exchange.door.application;
      const { service } = await authorizations.finish(queryOf(exchange), await whoIsSignedIn(exchange));
      return makeConnectedPage(service, language);
    }),
);

/** Authorisation servers that take an address as the name of a client read there what the client is. */
const describeClient = definePage(
  {
    path: '/authorizations/client.json',
    summary: 'What this platform is as an OAuth client.',
    recorded: 'never',
  },
  (exchange) => {
    const address = addressOf(exchange);
    const document = {
      client_id: `${address}/authorizations/client.json`,
      client_uri: address,
      ...exchange.door.application.authorizations.clientMetadata(`${address}${callback}`),
    };
    return Promise.resolve(answerJson(exchange, document, { headers: { 'cache-control': 'max-age=300' } }));
  },
);

export const authorizationEndpoints: readonly Endpoint[] = [
  list,
  begin,
  revoke,
  returned,
  finish,
  describeClient,
];

function queryOf({ context }: Exchange): URLSearchParams {
  return new URL(context.req.url).searchParams;
}

async function whoIsSignedIn(exchange: Exchange): Promise<Identity | null> {
  const token = readLoginCookie(exchange);
  if (token === undefined) return null;
  requireOwnPage(exchange);
  const { application } = exchange.door;
  const known = await application.access.authenticateBrowser(token).catch(() => null);
  return known && { ...known, address: exchange.address };
}

async function answerInLanguage(
  exchange: Exchange,
  work: (language: PageLanguage) => Promise<Page>,
): Promise<Response> {
  const language = preferredLanguage(exchange.context.req.header('accept-language'), ['en', 'es', 'pt']);
  const { page, status } = await work(language)
    .then((made) => ({ page: made, status: 200 }))
    .catch((error: unknown) => explain(error, language));
  const shown = answerPage(exchange, page, status);
  shown.headers.set('cache-control', 'no-store');
  shown.headers.set('vary', 'Accept-Language');
  shown.headers.set('x-robots-tag', 'noindex');
  // The address holds a code; but without any referrer a browser calls the origin of its own form "null".
  shown.headers.set('referrer-policy', 'same-origin');
  return shown;
}

function explain(error: unknown, language: PageLanguage): { page: Page; status: number } {
  if (!BatutaError.is(error)) throw error;
  return { page: makeNotConnectedPage(error.message, language), status: error.status };
}
