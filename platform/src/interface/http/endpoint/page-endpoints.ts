import { answerJson } from '../answer.ts';
import { definePage, type Endpoint } from '../endpoint.ts';
import type { Exchange } from '../exchange.ts';
import { describeApi } from '../open-api/open-api-document.ts';
import { makeConsolePage } from '../page/console-page.ts';
import { answerPage } from '../page/page.ts';
import { makeReferencePage } from '../page/reference-page.ts';
import { authorise } from '../security/authorise.ts';
import { addressOf, readLoginCookie } from '../security/login-cookie.ts';

/** The pages about these endpoints. They are made when first asked for: a start need not wait for them. */
export function createPageEndpoints(endpoints: readonly Endpoint[], version: string): readonly Endpoint[] {
  const document = once(() => describeApi(endpoints, version));
  const reference = once(() => makeReferencePage(document()));
  return [
    definePage({ path: '/', summary: 'What runs here.' }, async (exchange) => {
      const visit = { version, address: addressOf(exchange), isSignedIn: await isSignedIn(exchange) };
      return answerPage(exchange, makeConsolePage(visit));
    }),
    definePage({ path: '/openapi.json', summary: 'The OpenAPI document.' }, async (exchange) =>
      answerJson(exchange, document(), { headers: { 'cache-control': 'no-cache' } }),
    ),
    definePage({ path: '/reference', summary: 'The reference of the API.' }, async (exchange) =>
      answerPage(exchange, reference()),
    ),
  ];
}

async function isSignedIn(exchange: Exchange): Promise<boolean> {
  const isKnown = readLoginCookie(exchange) !== undefined;
  return (
    isKnown &&
    authorise(exchange, { scope: 'any', isCounted: false }).then(
      () => true,
      () => false,
    )
  );
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
