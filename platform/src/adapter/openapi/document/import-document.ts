import type { JsonObject } from '@batuta/contract';
import { FaultyPart } from './document-fault.ts';
import { asObject, asText, plainOf, within } from './json-shape.ts';
import type { ApiDescription, LeftOut, Method, Operation } from './operation.ts';
import { operationIdOf } from './operation-id.ts';
import { readOperation, type PlacedOperation } from './read-operation.ts';
import { readSchemes } from './read-security.ts';
import { serversOf } from './read-servers.ts';
import { readText } from './read-text.ts';
import { References, type Part } from './references.ts';

const methods = [
  'get',
  'head',
  'options',
  'trace',
  'post',
  'put',
  'patch',
  'delete',
] as const satisfies Method[];

/** What is found in a document, one thing after the other. */
export type Imported =
  | { kind: 'description'; description: ApiDescription }
  | { kind: 'operation'; operation: Operation }
  | { kind: 'left-out'; leftOut: LeftOut };

/**
 * Reads an API's document: OpenAPI 3.0, 3.1, 3.2 and Swagger 2, in JSON or YAML. One operation after the other, so that whoever asks can stop;
 * an operation that cannot be read does not hide the others. Throws `FaultyPart` where the document as a whole is none.
 */
export function* importDocument(text: string): Generator<Imported> {
  const document = readText(text);
  checkVersion(document);
  const references = new References(document);
  yield { kind: 'description', description: describeApi(document, references) };
  const taken = new Set<string>();
  for (const placed of placedOperations(document, references)) {
    if ('reason' in placed) yield { kind: 'left-out', leftOut: placed };
    else yield readSafely(placed, taken, { document, references });
  }
}

function checkVersion(document: JsonObject): void {
  const [openapi, swagger] = [document['openapi'], document['swagger']];
  const version = plainOf(openapi ?? swagger);
  if (openapi === undefined && swagger === undefined) {
    throw new FaultyPart(
      '/openapi',
      'is missing: the document must say openapi: 3.0.x or 3.1.x, or swagger: "2.0"',
    );
  }
  if (!/^3\.[0-2](?:\.|$)/.test(version) && !/^2(?:\.0)?$/.test(version)) {
    const place = openapi === undefined ? '/swagger' : '/openapi';
    throw new FaultyPart(
      place,
      `version ${version.slice(0, 40)} is not known: convert the document to OpenAPI 3.1`,
    );
  }
  if (!asObject(document['paths']) && document['paths'] !== undefined) {
    throw new FaultyPart('/paths', 'must be an object from paths to operations');
  }
}

function describeApi(document: JsonObject, references: References): ApiDescription {
  const info = asObject(document['info']);
  return {
    title: (asText(info?.['title']) ?? '').slice(0, 200),
    version: plainOf(info?.['version']).slice(0, 60),
    servers: serversOf(document),
    schemes: readSchemes(document, references),
  };
}

function* placedOperations(
  document: JsonObject,
  references: References,
): Generator<PlacedOperation | LeftOut> {
  for (const [path, item] of Object.entries(asObject(document['paths']) ?? {})) {
    if (path.startsWith('x-')) continue;
    const place = within('/paths', path);
    try {
      yield* operationsOf(path, references.follow(item, place), references);
    } catch (error) {
      yield leftOut(path, place, error);
    }
  }
}

function* operationsOf(path: string, shared: Part, references: References): Generator<PlacedOperation> {
  for (const method of methods) {
    const operation = shared.value[method];
    if (operation === undefined || operation === null) continue;
    const own = references.follow(operation, within(shared.place, method));
    yield { method, path: path.startsWith('/') ? path : `/${path}`, own, shared };
  }
}

function readSafely(
  placed: PlacedOperation,
  taken: Set<string>,
  reading: { document: JsonObject; references: References },
): Imported {
  try {
    const id = operationIdOf(asText(placed.own.value['operationId']), placed, taken);
    return { kind: 'operation', operation: readOperation(placed, id, reading) };
  } catch (error) {
    const name = `${placed.method.toUpperCase()} ${placed.path}`;
    return { kind: 'left-out', leftOut: leftOut(name, placed.own.place, error) };
  }
}

function leftOut(operation: string, place: string, error: unknown): LeftOut {
  if (error instanceof FaultyPart) return { operation, place: error.place, reason: error.reason };
  // A document can be wrong in ways that nobody thought of: they cost one operation, too.
  const reason = `it could not be read (${error instanceof Error ? error.message : String(error)})`;
  return { operation, place, reason };
}
