import type { TestRequest } from './open-door.ts';

/** A request that must be refused, and how. */
export interface BadInput {
  what: string;
  path: string;
  request?: TestRequest;
  status: number;
  code: string;
}

const huge = 'x'.repeat(5000);

/** A request with a body. */
export function post(json: unknown, method = 'POST'): TestRequest {
  return { method, json };
}

/** A request that is not valid. */
export function invalid(what: string, path: string, request?: TestRequest): BadInput {
  return { what, path, ...(request !== undefined && { request }), status: 400, code: 'request-invalid' };
}

/** What every endpoint with a body refuses. `valid` is a body that it takes. */
export function badBodies(path: string, valid: unknown, method = 'POST'): BadInput[] {
  const utf8 = new Uint8Array([0x22, 0xff, 0x22]);
  return [
    { what: 'not JSON', path, request: { method, raw: '{"input":' }, status: 400, code: 'request-not-json' },
    { what: 'not UTF-8', path, request: { method, raw: utf8 }, status: 400, code: 'request-not-json' },
    {
      what: 'too large',
      path,
      request: post({ input: huge }, method),
      status: 413,
      code: 'request-too-large',
    },
    {
      what: 'form content type',
      path,
      request: { ...post(valid, method), headers: { 'content-type': 'text/plain' } },
      status: 415,
      code: 'media-type-unsupported',
    },
    invalid('not an object', path, post([1], method)),
    invalid('unknown field', path, post({ ...(valid as object), surprise: 1 }, method)),
    invalid('control character', path, post({ ...(valid as object), a: 'b\0' }, method)),
    invalid('half a surrogate pair', path, { method, raw: '{"input":"\\ud800"}' }),
    invalid('deep nesting', path, { method, raw: `{"a":${'['.repeat(100)}${']'.repeat(100)}}` }),
  ];
}

/** What every list refuses. */
export function badPages(path: string): BadInput[] {
  return [
    invalid('limit 0', `${path}?limit=0`),
    invalid('limit that is no number', `${path}?limit=many`),
    invalid('limit too large', `${path}?limit=1000`),
    invalid('unknown query', `${path}?surprise=1`),
    invalid('limit twice', `${path}?limit=1&limit=2`),
    { what: 'foreign cursor', path: `${path}?cursor=nonsense`, status: 400, code: 'cursor-invalid' },
  ];
}

/** What every path with an id refuses. `thing` is its kind. */
export function badIds(
  path: (id: string) => string,
  ids: { thing: string; foreign: string },
  json?: unknown,
): BadInput[] {
  const refused = {
    status: 404,
    code: `${ids.thing}-unknown`,
    ...(json !== undefined && { request: post(json) }),
  };
  const unknown = `${ids.foreign.slice(0, -1)}8`;
  return [
    { what: 'unknown id', path: path(unknown), ...refused },
    { what: "another tenant's id", path: path(ids.foreign), ...refused },
    { what: 'malformed id', path: path('nonsense'), ...refused },
    { what: 'id with control characters', path: path('a%00%0Ab'), ...refused },
  ];
}
