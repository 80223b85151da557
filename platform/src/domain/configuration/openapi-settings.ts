import { apiDeclarationsSchema } from '../openapi/api-declaration.ts';
import { integer, list, structured } from './setting.ts';

/** APIs whose operations are tools. */
export const openapiSettings = {
  apis: structured({
    variable: 'BATUTA_OPENAPI_APIS',
    about: 'APIs by name, each with its OpenAPI document; docs/guide/openapi.md explains them.',
    range: 'a map from the name of an API to document, server, auth and more',
    schema: apiDeclarationsSchema,
    default: {},
  }),
  allowPrivate: list({
    variable: 'BATUTA_OPENAPI_ALLOW_PRIVATE',
    about:
      'Hosts of APIs, documents and token servers that may be called although their address is not public.',
    each: 'hosts or host:port',
    pattern: /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i,
    default: [],
  }),
  timeoutSeconds: integer({
    variable: 'BATUTA_OPENAPI_TIMEOUT_SECONDS',
    about: 'Seconds for a whole call, waiting and repetitions included, where its API says nothing else.',
    default: 30,
    min: 1,
    max: 3_600,
  }),
  maxBytes: integer({
    variable: 'BATUTA_OPENAPI_MAX_BYTES',
    about: 'Largest answer and largest request, unpacked.',
    default: 10_000_000,
    min: 1_024,
    max: 100_000_000,
  }),
  documentMaxBytes: integer({
    variable: 'BATUTA_OPENAPI_DOCUMENT_MAX_BYTES',
    about: 'Largest OpenAPI document, unpacked.',
    default: 50_000_000,
    min: 1_024,
    max: 500_000_000,
  }),
  cacheBytes: integer({
    variable: 'BATUTA_OPENAPI_CACHE_BYTES',
    about: 'Memory for answers that APIs allow to be kept; 0: none are.',
    default: 16_000_000,
    min: 0,
    max: 2_000_000_000,
  }),
};
