import type { JsonObject, JsonValue } from '@batuta/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { importDocument, type Imported } from '../../src/adapter/openapi/document/import-document.ts';
import type { Operation } from '../../src/adapter/openapi/document/operation.ts';
import { documentOf } from './api-kit.ts';

function read(document: JsonValue): Imported[] {
  return [...importDocument(typeof document === 'string' ? document : JSON.stringify(document))];
}

function operations(document: JsonValue): Operation[] {
  return read(document).flatMap((item) => (item.kind === 'operation' ? [item.operation] : []));
}

function problems(document: JsonValue): string[] {
  return read(document).flatMap(({ kind, ...item }) =>
    kind === 'left-out' && 'leftOut' in item
      ? [`${item.leftOut.operation} ${item.leftOut.place}: ${item.leftOut.reason}`]
      : [],
  );
}

/** The schema that the body of a document's one operation is told as. */
function bodyOf(schema: JsonValue, schemas: JsonObject = {}, openapi = '3.1.0'): JsonObject {
  const content = { 'application/json': { schema } };
  const document = documentOf({ requestBody: { content } }, { method: 'post', components: { schemas } });
  const [operation] = operations({ ...document, openapi });
  if (!operation) throw new Error(problems({ ...document, openapi }).join());
  const told = operation.inputSchema;
  new Ajv2020({ strict: false, validateFormats: false }).compile(told);
  return (told['properties'] as JsonObject)['body'] as JsonObject;
}

const text = { type: 'string' };

test.each<[string, JsonValue, JsonValue]>([
  [
    'nullable of 3.0',
    { type: 'string', nullable: true, enum: ['a'] },
    { type: ['string', 'null'], enum: ['a', null] },
  ],
  ['types of 3.1', { type: ['integer', 'null'] }, { type: ['integer', 'null'] }],
  ['const', { const: 'a' }, { enum: ['a'] }],
  [
    'limits that were flags',
    { type: 'number', minimum: 1, exclusiveMinimum: true },
    { type: 'number', minimum: 1, exclusiveMinimum: 1 },
  ],
  ['formats that no model knows', { type: 'integer', format: 'int64' }, { type: 'integer' }],
  ['a type that does not exist', { type: 'datetime' }, { type: 'string' }],
  [
    'a type that follows from the rest',
    { properties: { a: text } },
    { type: 'object', properties: { a: text } },
  ],
  ['choices that contradict the type', { type: 'boolean', enum: ['yes', 'no'] }, { enum: ['yes', 'no'] }],
  ['a pattern that is none', { type: 'string', pattern: '(' }, { type: 'string' }],
  [
    'required properties that are not there',
    { type: 'object', required: ['b'], properties: { a: text } },
    { type: 'object', properties: { a: text } },
  ],
  [
    'what only the API may set',
    { type: 'object', required: ['id'], properties: { id: { ...text, readOnly: true }, a: text } },
    { type: 'object', properties: { a: text } },
  ],
  ['a schema of everything', true, {}],
])('%s is told so that every provider takes it', (_, schema, wanted) => {
  expect(bodyOf(schema)).toEqual(wanted);
});

const composed = {
  allOf: [
    { $ref: '#/components/schemas/Base' },
    {
      type: 'object',
      required: ['b'],
      properties: { b: text, n: { type: 'integer', minimum: 3 } },
      additionalProperties: false,
    },
  ],
  description: 'A thing.',
};
const Base = {
  type: 'object',
  required: ['a'],
  properties: { a: text, n: { type: 'integer', minimum: 1, maximum: 9 } },
};

test('allOf is one object, with the properties, choices and limits of all its parts', () => {
  expect(bodyOf(composed, { Base })).toEqual({
    type: 'object',
    properties: { a: text, b: text, n: { type: 'integer', minimum: 3, maximum: 9 } },
    required: ['a', 'b'],
    description: 'A thing.',
  });
});

const variant = (name: string) => ({ type: 'object', properties: { kind: text, [name]: text } });
const pet = {
  oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
  discriminator: { propertyName: 'kind', mapping: { hound: '#/components/schemas/Dog' } },
};

test('oneOf is a choice whose discriminator says the value of each variant', () => {
  expect(bodyOf(pet, { Cat: variant('paw'), Dog: variant('bark') })).toEqual({
    anyOf: [
      { type: 'object', properties: { kind: { ...text, enum: ['Cat'] }, paw: text } },
      { type: 'object', properties: { kind: { ...text, enum: ['hound'] }, bark: text } },
    ],
  });
});

test('a schema that holds itself is told twice and then as any object', () => {
  const Node = {
    type: 'object',
    properties: { name: text, children: { type: 'array', items: { $ref: '#/components/schemas/Node' } } },
  };
  const inner = {
    type: 'object',
    properties: { name: text, children: { type: 'array', items: { type: 'object' } } },
  };
  expect(bodyOf({ $ref: '#/components/schemas/Node' }, { Node })).toEqual({
    type: 'object',
    properties: { name: text, children: { type: 'array', items: inner } },
  });
});

test('a list that holds itself ends as any list', () => {
  const List = { type: 'array', items: { $ref: '#/components/schemas/List' } };
  const list = (items: JsonObject): JsonObject => ({ type: 'array', items });
  expect(bodyOf({ $ref: '#/components/schemas/List' }, { List })).toEqual(list(list({ type: 'array' })));
});

test('schemas that double with every level cost no more than a small one', () => {
  const level = (name: string) => ({ type: 'object', properties: { a: { $ref: name }, b: { $ref: name } } });
  const schemas = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`L${index}`, level(`#/components/schemas/L${index + 1}`)]),
  );
  const began = performance.now();
  const told = bodyOf({ $ref: '#/components/schemas/L0' }, { ...schemas, L60: text });
  expect(JSON.stringify(told).length).toBeLessThan(12_000);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('arguments have names that providers take, each of its own', () => {
  const parameters = [
    ['query', 'filter[name]'],
    ['query', '$top'],
    ['path', 'id'],
    ['query', 'id'],
    ['header', 'id'],
    ['query', 'body'],
  ].map(([place = '', name = '']) => ({ in: place, name, schema: text }));
  const requestBody = { content: { 'application/json': { schema: text } } };
  const [operation] = operations(
    documentOf({ parameters, requestBody }, { route: '/things/{id}', method: 'post' }),
  );
  const names = operation?.parameters.map(({ argument }) => argument).join(' ');
  expect(names).toBe('filter_name top id id_in_query id_in_header body_in_query');
  expect(operation?.inputSchema).toMatchObject({
    required: ['id'],
    properties: { filter_name: { description: 'filter[name]' } },
  });
});

test('operations have names of their own where the document gives none, or one twice', () => {
  const get = (operationId?: string) => ({
    get: { responses: {}, ...(operationId === undefined ? {} : { operationId }) },
  });
  const paths = { '/a': get('list things'), '/b': get('list/things'), '/c/{id}': get(), '/d': get('3d') };
  const ids = operations({ openapi: '3.0.0', info: {}, paths }).map(({ id }) => id);
  expect(ids).toEqual([
    'list_things',
    expect.stringMatching(/^list_things_[0-9a-f]{6}$/),
    'get_c_id',
    'op_3d',
  ]);
  expect(operations({ openapi: '3.0.0', info: {}, paths }).map(({ id }) => id)).toEqual(ids);
});

test.each([
  [
    {
      summary: 'List invoices',
      description: 'Gives **all** <b>invoices</b> of [a tenant](https://x).\n\nMore.',
    },
    'List invoices. Gives all invoices of a tenant. More. (GET /things)',
  ],
  [{ operationId: 'listOpenInvoices' }, 'List open invoices. (GET /things)'],
  [{ summary: 'Old', deprecated: true }, 'Deprecated. Old. (GET /things)'],
])('%j is described as a model needs it', (operation, description) => {
  expect(operations(documentOf(operation))[0]?.description).toBe(description);
});

test('a long description is cut at a sentence', () => {
  const [operation] = operations(documentOf({ description: 'It tells things. '.repeat(500) }));
  expect(operation?.description).toMatch(/^(?:It tells things\. )+\(GET \/things\)$/);
  expect(operation?.description.length).toBeLessThan(520);
});

test('a variable of a path that nobody declares is a text that must be given', () => {
  const [operation] = operations(documentOf({}, { route: '/things/{id}' }));
  expect(operation?.inputSchema).toEqual({
    type: 'object',
    properties: { id: text },
    required: ['id'],
    additionalProperties: false,
  });
});

test('parameters of a path hold for its operations, and references are followed wherever they stand', () => {
  const document = {
    openapi: '3.1.0',
    info: {},
    paths: {
      '/a': {
        parameters: [{ $ref: '#/components/parameters/Page' }, { name: 'q', in: 'query', schema: text }],
        get: { operationId: 'a', parameters: [{ name: 'q', in: 'query', schema: { type: 'integer' } }] },
      },
      '/b': { $ref: '#/paths/~1a' },
    },
    components: {
      parameters: { Page: { name: 'page', in: 'query', schema: { $ref: '#/components/schemas/Page' } } },
      schemas: { Page: { type: 'integer' } },
    },
  };
  const schemas = operations(document).map(({ inputSchema }) => inputSchema['properties']);
  expect(schemas).toEqual([
    { page: { type: 'integer' }, q: { type: 'integer' } },
    { page: { type: 'integer' }, q: { type: 'integer' } },
  ]);
});

test.each<[JsonObject, string]>([
  [
    { parameters: [{ $ref: '#/components/parameters/None' }] },
    '/paths/~1things/get/parameters/0: its $ref "#/components/parameters/None" leads nowhere',
  ],
  [
    { parameters: [{ in: 'query', schema: text }] },
    '/paths/~1things/get/parameters/0: the parameter has no name',
  ],
  [
    { parameters: [{ name: 'a', in: 'nowhere' }] },
    '/paths/~1things/get/parameters/0/in: must be path, query, header, cookie, body or formData, not "nowhere"',
  ],
  [
    { requestBody: { $ref: 'other.yaml#/Body' } },
    '/paths/~1things/get/requestBody: its $ref "other.yaml#/Body" leads to another document, which is not read: bundle the documents into one',
  ],
  [
    { requestBody: { $ref: '#/paths/~1things/get/requestBody' } },
    '/paths/~1things/get/requestBody: its $ref leads back to itself',
  ],
])('an operation with %j is left out with its place and the reason, the others stay', (operation, fault) => {
  const document = documentOf(operation);
  const paths = { ...(document['paths'] as JsonObject), '/good': { get: { operationId: 'good' } } };
  expect(problems({ ...document, paths })).toEqual([`GET /things ${fault}`]);
  expect(operations({ ...document, paths }).map(({ id }) => id)).toEqual(['good']);
});

test.each([
  ['{"openapi": "3.1.0", "paths": {', /^line 1: not valid JSON or YAML: /],
  ['openapi: 3.1.0\ninfo: {title: x\npaths: {}\n', /^line 3: not valid YAML: /],
  ['just a text', /^line 1: must be an object with the keys openapi, info and paths/],
  [
    '{"info": {}}',
    /^\/openapi: is missing: the document must say openapi: 3\.0\.x or 3\.1\.x, or swagger: "2\.0"$/,
  ],
  ['{"openapi": "4.0.0"}', /^\/openapi: version 4\.0\.0 is not known: convert the document to OpenAPI 3\.1$/],
  ['{"swagger": "1.2"}', /^\/swagger: version 1\.2 is not known/],
  ['{"openapi": "3.1.0", "paths": []}', /^\/paths: must be an object from paths to operations$/],
])('the document %j is refused with place, reason and what to do', (document, message) => {
  expect(() => read(document)).toThrow(message);
});

test('a few lines of YAML do not become gigabytes', () => {
  const levels = Array.from(
    { length: 12 },
    (_, index) =>
      `  l${index + 1}: &l${index + 1} [${Array.from({ length: 10 }, () => `*l${index}`).join(', ')}]`,
  );
  const bomb = ['openapi: 3.1.0', 'info:', '  l0: &l0 [x, x]', ...levels].join('\n');
  expect(() => read(bomb)).toThrow(/not usable YAML: /);
});
