import { errorCatalogue, type ErrorCode } from '@batuta/contract';
import type { AnswerDescription, Endpoint, EndpointDescription } from '../endpoint.ts';
import { componentSchemas, inline, referTo } from './component-schemas.ts';
import { isObject, type JsonSchema } from './json-schema.ts';

/** The OpenAPI 3.1 document. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string; license: JsonSchema };
  tags: { name: string }[];
  paths: Record<string, Record<string, JsonSchema>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: JsonSchema };
}

const always: readonly ErrorCode[] = ['host-not-allowed', 'origin-not-allowed', 'internal'];
const withKey: readonly ErrorCode[] = [
  'key-missing',
  'key-invalid',
  'access-disabled',
  'permission-missing',
  'rate-limited',
  'server-stopping',
];
const withBody: readonly ErrorCode[] = ['request-not-json', 'request-too-large', 'media-type-unsupported'];

/** Describes the endpoints that belong to the API. */
export function describeApi(endpoints: readonly Endpoint[], version: string): OpenApiDocument {
  const described = endpoints.map(({ description }) => description).filter(({ group }) => group !== null);
  const paths: OpenApiDocument['paths'] = {};
  for (const endpoint of described) {
    (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = describeOperation(endpoint);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Batuta',
      version,
      description: 'Durable AI agent runs. Every error is a problem (RFC 9457) with a stable code.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [...new Set(described.map(({ group }) => group ?? ''))].map((name) => ({ name })),
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: `btk_...`.' },
        login: {
          type: 'apiKey',
          in: 'cookie',
          name: 'batuta_session',
          description: 'The cookie of a signed-in browser.',
        },
      },
    },
  };
}

function describeOperation(endpoint: EndpointDescription): JsonSchema {
  const { group, scope, summary, body } = endpoint;
  return {
    operationId: operationId(endpoint),
    tags: [group],
    summary,
    ...(scope !== null && { description: needOf(scope) }),
    security: scope === null ? [] : [{ key: [] }, { login: [] }],
    parameters: describeParameters(endpoint),
    ...(body !== null && {
      requestBody: {
        required: !body.safeParse({}).success,
        content: { 'application/json': { schema: referTo(body) } },
      },
    }),
    responses: { ...describeAnswers(endpoint.answers), ...describeErrors(endpoint) },
  };
}

function needOf(scope: string): string {
  return scope === 'any' ? 'Needs any key.' : `Needs a key with the scope \`${scope}\`.`;
}

/** `GET /v1/runs/{id}/events` becomes `get-runs-id-events`. */
function operationId({ method, path }: EndpointDescription): string {
  return `${method.toLowerCase()}${path.replace(/^\/v1/, '').replace(/[^a-z]+/g, '-')}`.replace(/-$/, '');
}

function describeParameters({ params, query, headers }: EndpointDescription): JsonSchema[] {
  return [
    ...describeFields('path', params === null ? {} : inline(params)),
    ...describeFields('query', query === null ? {} : inline(query)),
    ...Object.entries(headers).map(([name, description]) => ({
      name,
      in: 'header',
      required: false,
      description,
      schema: { type: 'string' },
    })),
  ];
}

function describeFields(place: 'path' | 'query', schema: JsonSchema): JsonSchema[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }));
}

function describeAnswers(answers: readonly AnswerDescription[]): JsonSchema {
  const responses: Record<string, { description: string; content?: JsonSchema }> = {};
  for (const { status, description, mediaType, schema } of answers) {
    const content = mediaType === null ? {} : { [mediaType]: { schema: schemaOf(mediaType, schema) } };
    const former = responses[status];
    responses[status] = {
      description: former === undefined ? description : former.description,
      ...(mediaType !== null && { content: { ...former?.content, ...content } }),
    };
  }
  return responses;
}

function schemaOf(mediaType: string, schema: AnswerDescription['schema']): JsonSchema {
  if (schema !== undefined) return referTo(schema);
  if (mediaType !== 'text/event-stream') return {};
  return {
    type: 'string',
    description:
      'Frames `id: <cursor>`, `event: <kind>`, `data: <JSON>`. The data of `text-delta` is a TextDelta, that of ' +
      '`message-reset` a MessageReset, that of every other kind an Event.',
  };
}

function describeErrors(endpoint: EndpointDescription): JsonSchema {
  const byStatus = Object.groupBy(errorsOf(endpoint), (code) => errorCatalogue[code].status);
  return Object.fromEntries(
    Object.entries(byStatus)
      .filter(([status]) => !endpoint.answers.some((answer) => String(answer.status) === status))
      .map(([status, codes = []]) => [status, describeProblem(codes)]),
  );
}

function describeProblem(codes: readonly ErrorCode[]): JsonSchema {
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    properties: { code: { enum: codes } },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].message}`).join('\n\n'),
    content: { 'application/problem+json': { schema } },
  };
}

function errorsOf({ scope, body, query, headers, errors }: EndpointDescription): ErrorCode[] {
  const isChecked = body !== null || query !== null || 'Idempotency-Key' in headers || scope !== null;
  const codes = new Set<ErrorCode>([
    ...(isChecked ? (['request-invalid'] as const) : []),
    ...(body === null ? [] : withBody),
    ...(scope === null ? [] : withKey),
    ...always,
    ...errors,
  ]);
  return [...codes].toSorted((a, b) => errorCatalogue[a].status - errorCatalogue[b].status);
}
