import type { JsonObject } from '@batuta/contract';

import type { FailureReply } from './reply.ts';
import { failureMessage } from './wire.ts';

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'invalid_request_error',
  403: 'invalid_request_error',
  404: 'invalid_request_error',
  429: 'requests',
};

const codes: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  403: 'insufficient_permissions',
  404: 'model_not_found',
  429: 'rate_limit_exceeded',
  503: 'service_unavailable',
  529: 'overloaded',
};

/** The code that OpenAI gives an error of this status; nothing for those that have none. */
export function openAiErrorCode(failure: FailureReply): string | null {
  return failure.code ?? codes[failure.status] ?? null;
}

/** OpenAI's error, as it stands under `error` in a body. */
export function openAiError(failure: FailureReply): JsonObject {
  return {
    message: failureMessage(failure),
    type: types[failure.status] ?? 'server_error',
    param: null,
    code: openAiErrorCode(failure),
  };
}
