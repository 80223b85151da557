import { BatutaError, errorCatalogue, type ErrorCode } from '@batuta/contract';
import { answerJson } from '../answer.ts';
import { definePage, type Endpoint } from '../endpoint.ts';

/** The address that the `type` of every problem points to. */
const explain = definePage({ path: '/errors/{code}', summary: 'What an error means.' }, async (exchange) => {
  const code = exchange.context.req.param('code') ?? '';
  if (!isErrorCode(code)) throw new BatutaError('route-unknown', { method: 'GET', path: `/errors/${code}` });
  const { status, title, message } = errorCatalogue[code];
  return answerJson(exchange, { code, status, title, message });
});

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}

export const errorEndpoints: readonly Endpoint[] = [explain];
