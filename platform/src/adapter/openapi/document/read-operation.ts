import type { JsonObject } from '@batuta/contract';
import { asList, asObject, asText, within } from './json-shape.ts';
import type { ApiServer, Method, Operation, ParameterPlan, StatedAnnotations } from './operation.ts';
import { plainText } from './plain-text.ts';
import { fitProperties } from '../schema/fit-properties.ts';
import { readBodyParameters, readRequestBody, type ReadBody } from './read-body.ts';
import { readParameters, undeclaredVariable, type ReadParameter } from './read-parameters.ts';
import { readSecurity } from './read-security.ts';
import { readServers } from './read-servers.ts';
import type { Part, References } from './references.ts';

/** One operation in its document. */
export interface PlacedOperation {
  method: Method;
  path: string;
  /** The operation itself. */
  own: Part;
  /** Parameters and servers that all operations of the path share. */
  shared: Part;
}

const longestDescription = 480;
const argumentName = /^[A-Za-z0-9_.-]{1,64}$/;

/** Reads an operation. `id` is its name already made unique. Throws `FaultyPart`. */
export function readOperation(
  { method, path, own, shared }: PlacedOperation,
  id: string,
  { document, references }: { document: JsonObject; references: References },
): Operation {
  const sorted = readParameters(
    [
      { value: shared.value['parameters'], place: within(shared.place, 'parameters') },
      { value: own.value['parameters'], place: within(own.place, 'parameters') },
    ],
    references,
  );
  const declared = [...sorted.parameters, ...missingVariables(path, sorted.parameters)];
  const consumes = texts(own.value['consumes'] ?? document['consumes']);
  const body =
    document['swagger'] === undefined
      ? readRequestBody(own.value['requestBody'], within(own.place, 'requestBody'), references)
      : readBodyParameters(sorted.bodyParts, consumes, references);
  const parameters = nameArguments(declared, body !== null);
  return {
    id,
    method,
    path,
    description: describe(own.value, method, path),
    inputSchema: inputSchemaOf(parameters, body),
    parameters: parameters.map(({ plan }) => plan),
    body: body?.plan ?? null,
    security: readSecurity(own.value['security'] ?? document['security']),
    servers: ownServers(own.value, shared.value),
    idempotencyHeader: sorted.idempotencyHeader,
    accepts: acceptsOf(own.value, document, references),
    stated: readStated(own.value),
  };
}

function missingVariables(path: string, known: readonly ReadParameter[]): ReadParameter[] {
  const names = new Set(known.filter(({ plan }) => plan.in === 'path').map(({ plan }) => plan.name));
  const variables = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  return [...new Set(variables)].filter((name) => !names.has(name)).map(undeclaredVariable);
}

/** Gives each parameter an argument of its own, in letters that providers take. */
function nameArguments(parameters: readonly ReadParameter[], hasBody: boolean): ReadParameter[] {
  const taken = new Set(hasBody ? ['body'] : []);
  return parameters.map((parameter) => {
    const { plan } = parameter;
    const clean = argumentName.test(plan.name) ? plan.name : cleanArgument(plan.name);
    const argument = freeName([clean, `${clean.slice(0, 50)}_in_${plan.in}`], taken);
    taken.add(argument);
    return { ...parameter, plan: { ...plan, argument } satisfies ParameterPlan };
  });
}

function cleanArgument(name: string): string {
  const clean = name
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 64);
  return clean === '' ? 'value' : clean;
}

function freeName(wanted: readonly string[], taken: ReadonlySet<string>): string {
  const last = wanted.at(-1) ?? 'value';
  const more = Array.from({ length: taken.size + 1 }, (_, index) => `${last}_${index + 2}`);
  return [...wanted, ...more].find((name) => !taken.has(name)) ?? last;
}

function inputSchemaOf(parameters: readonly ReadParameter[], body: ReadBody | null): JsonObject {
  const properties: JsonObject = {};
  for (const { plan, schema } of parameters) {
    const renamed = plan.argument !== plan.name && schema['description'] === undefined;
    properties[plan.argument] = renamed ? { ...schema, description: plan.name } : schema;
  }
  if (body) properties['body'] = body.schema;
  const required = parameters.filter((parameter) => parameter.required).map(({ plan }) => plan.argument);
  if (body?.required === true) required.push('body');
  return {
    type: 'object',
    properties: fitProperties(properties, required),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

/** What it does in its own words, and its method and path, by which people and models know it, too. */
function describe(operation: JsonObject, method: string, path: string): string {
  const summary = plainText(asText(operation['summary']) ?? '', 200);
  const text = plainText(asText(operation['description']) ?? '', longestDescription);
  const told = summary === '' || text.startsWith(summary) ? text : joined(summary, text);
  const deprecated = operation['deprecated'] === true ? 'Deprecated. ' : '';
  const call = `${method.toUpperCase()} ${path.length > 120 ? `${path.slice(0, 120)}...` : path}`;
  const words =
    told === '' ? wordsOf(asText(operation['operationId']) ?? '') : plainText(told, longestDescription);
  return words === '' ? `${deprecated}${call}` : `${deprecated}${sentence(words)} (${call})`;
}

function joined(summary: string, text: string): string {
  return text === '' ? summary : `${sentence(summary)} ${text}`;
}

function sentence(text: string): string {
  return /[.!?:;]$/.test(text) ? text : `${text}.`;
}

/** `listOpenInvoices` in words: an operation without a description is found by them. */
function wordsOf(id: string): string {
  const words = id
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? '' : words.charAt(0).toUpperCase() + words.slice(1);
}

function ownServers(operation: JsonObject, path: JsonObject): readonly ApiServer[] {
  const own = readServers(operation['servers']);
  return own.length > 0 ? own : readServers(path['servers']);
}

const mostTypes = 6;

/** Content types of answers that say that it worked. */
function acceptsOf(operation: JsonObject, document: JsonObject, references: References): string[] {
  if (document['swagger'] !== undefined) {
    return texts(operation['produces'] ?? document['produces']).slice(0, mostTypes);
  }
  const answers = Object.entries(asObject(operation['responses']) ?? {});
  const types = answers
    .filter(([status]) => /^2|^default$/i.test(status))
    .flatMap(([, value]) => contentTypes(value, references));
  return [...new Set(types)].slice(0, mostTypes);
}

/** An answer that cannot be read costs its content types, not the operation. */
function contentTypes(value: unknown, references: References): string[] {
  try {
    return Object.keys(asObject(references.follow(value, '').value['content']) ?? {});
  } catch {
    return [];
  }
}

const statements = {
  readOnly: 'x-batuta-read-only',
  destructive: 'x-batuta-destructive',
  idempotent: 'x-batuta-idempotent',
  openWorld: 'x-batuta-open-world',
  privateData: 'x-batuta-private-data',
} as const satisfies Record<keyof StatedAnnotations, string>;

function readStated(operation: JsonObject): StatedAnnotations {
  const told = Object.entries(statements).map(([key, name]) => [key, operation[name]] as const);
  return Object.fromEntries(told.filter(([, value]) => typeof value === 'boolean'));
}

function texts(value: unknown): string[] {
  return asList(value).filter((item) => typeof item === 'string');
}
