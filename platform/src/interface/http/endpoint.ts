import type { BatutaError, ErrorCode } from '@batuta/contract';
import { z } from 'zod';
import type { CheckedExchange, Exchange } from './exchange.ts';
import { checkPart } from './request/check-part.ts';
import { readBody } from './request/read-body.ts';
import { readQuery } from './request/read-query.ts';
import { authorise, type NeededScope } from './security/authorise.ts';

/** One possible good answer, for the reference. */
export interface AnswerDescription {
  status: number;
  description: string;
  mediaType: string | null;
  schema?: z.ZodType;
}

/** What the reference says of an endpoint. */
export interface EndpointDescription {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With places such as `{id}`. */
  path: string;
  summary: string;
  /** Group in the reference; null for a page that is not part of the API. */
  group: string | null;
  /** False: limits do not count requests of it. */
  isCounted: boolean;
  /** Whether the audit log tells of each request, and as what; `never`: a public page, recorded only when it was refused. */
  recorded: 'access' | 'security' | 'never';
  /** What the key must allow; null: no key is needed. */
  scope: NeededScope | null;
  params: z.ZodType | null;
  query: z.ZodType | null;
  body: z.ZodType | null;
  /** Request headers that mean something here, by name. */
  headers: Readonly<Record<string, string>>;
  answers: readonly AnswerDescription[];
  /** Errors besides those that every endpoint of its kind can give. */
  errors: readonly ErrorCode[];
  /** It is a WebSocket. */
  isSocket?: boolean;
}

/** An endpoint: how it is described and how it answers. */
export interface Endpoint {
  description: EndpointDescription;
  answer(exchange: Exchange): Promise<Response>;
}

/** What the `{place}` of a path must be. A value that cannot name anything is told as unknown: to a client it is the same. */
export interface PathParams<P> {
  schema: z.ZodType<P>;
  unknown: ErrorCode;
  refuse: (raw: Readonly<Record<string, string>>) => BatutaError;
}

interface Definition<P, Q, B> {
  method: EndpointDescription['method'];
  path: string;
  summary: string;
  group: string;
  scope: NeededScope;
  isCounted?: boolean;
  params?: PathParams<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  headers?: Readonly<Record<string, string>>;
  answers: readonly AnswerDescription[];
  errors?: readonly ErrorCode[];
  handle: (exchange: CheckedExchange<P, Q, B>) => Promise<Response>;
}

const nothing = z.strictObject({});

/** Defines an endpoint of the API: who may use it, what it takes, what it answers. */
export function defineEndpoint<P = undefined, Q = undefined, B = undefined>(
  definition: Definition<P, Q, B>,
): Endpoint {
  const { scope, params, query, body, handle } = definition;
  return {
    description: describe(definition),
    async answer(exchange) {
      const identity = await authorise(exchange, { scope, isCounted: definition.isCounted ?? true });
      const checked = {
        params: params === undefined ? undefined : checkParams(params, exchange.context.req.param()),
        query: checkPart<unknown>('query', query ?? nothing, readQuery(exchange)),
        body: body === undefined ? undefined : checkPart('body', body, await readBody(exchange)),
      };
      // Each part has the type of its schema, or is undefined where the endpoint has none.
      return handle({ ...exchange, identity, ...(checked as { params: P; query: Q; body: B }) });
    },
  };
}

/** Defines an address that needs no key. */
export function definePage(
  page: Pick<EndpointDescription, 'path' | 'summary'> & Partial<EndpointDescription>,
  answer: (exchange: Exchange) => Promise<Response>,
): Endpoint {
  const defaults = {
    method: 'GET',
    isCounted: true,
    group: null,
    scope: null,
    params: null,
    query: null,
    body: null,
  } as const;
  const recorded = page.method === undefined || page.method === 'GET' ? 'never' : 'access';
  return { description: { ...defaults, recorded, headers: {}, answers: [], errors: [], ...page }, answer };
}

function describe<P, Q, B>(definition: Definition<P, Q, B>): EndpointDescription {
  const { params, query, body, headers = {}, errors = [] } = definition;
  return {
    method: definition.method,
    path: definition.path,
    summary: definition.summary,
    group: definition.group,
    isCounted: definition.isCounted ?? true,
    recorded: 'access',
    scope: definition.scope,
    params: params?.schema ?? null,
    query: query ?? null,
    body: body ?? null,
    headers,
    answers: definition.answers,
    errors: params === undefined ? errors : [params.unknown, ...errors],
  };
}

function checkParams<P>({ schema, refuse }: PathParams<P>, raw: Record<string, string>): P {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  throw refuse(raw);
}
