import type { JsonObject } from '@batuta/contract';
import { asList, asObject, asText, within } from './json-shape.ts';
import type { SecurityScheme } from './operation.ts';
import type { References } from './references.ts';

/** The schemes of a document by their names: 3.x and Swagger 2. A scheme that cannot be read is one that is not supported. */
export function readSchemes(document: JsonObject, references: References): Record<string, SecurityScheme> {
  const isOld = document['swagger'] !== undefined;
  const told = asObject(
    isOld ? document['securityDefinitions'] : asObject(document['components'])?.['securitySchemes'],
  );
  const place = isOld ? '/securityDefinitions' : '/components/securitySchemes';
  return Object.fromEntries(
    Object.entries(told ?? {}).map(([name, value]) => [
      name,
      readScheme(value, within(place, name), references),
    ]),
  );
}

function readScheme(value: unknown, place: string, references: References): SecurityScheme {
  try {
    return schemeOf(references.follow(value, place).value);
  } catch {
    return { type: 'unsupported', reason: 'it is not written as the specification asks for' };
  }
}

function schemeOf(scheme: JsonObject): SecurityScheme {
  switch (asText(scheme['type'])?.toLowerCase()) {
    case 'apikey':
      return apiKey(scheme);
    case 'basic':
      return { type: 'basic' };
    case 'http':
      return httpScheme(scheme);
    case 'oauth2':
      return oauth(scheme);
    case 'openidconnect':
      return { type: 'oauth2', authorizationUrl: null, tokenUrl: null, scopes: [] };
    default:
      return { type: 'unsupported', reason: `its type is ${JSON.stringify(scheme['type'] ?? null)}` };
  }
}

function apiKey(scheme: JsonObject): SecurityScheme {
  const [place, name] = [asText(scheme['in']), asText(scheme['name'])];
  const isKnown = place === 'header' || place === 'query' || place === 'cookie';
  if (isKnown && name) return { type: 'api-key', in: place, name };
  return { type: 'unsupported', reason: 'an API key needs "in" and "name"' };
}

function httpScheme(scheme: JsonObject): SecurityScheme {
  const name = asText(scheme['scheme'])?.toLowerCase();
  if (name === 'basic') return { type: 'basic' };
  if (name === 'bearer') return { type: 'bearer' };
  return { type: 'unsupported', reason: `the HTTP scheme ${JSON.stringify(name ?? null)} is not known here` };
}

/** The flow with a token address: for machines where there is one, else for people. */
function oauth(scheme: JsonObject): SecurityScheme {
  const flow = flowOf(scheme);
  const code = asObject(asObject(scheme['flows'])?.['authorizationCode']) ?? scheme;
  return {
    type: 'oauth2',
    tokenUrl: asText(flow['tokenUrl']) ?? null,
    authorizationUrl: asText(code['authorizationUrl']) ?? null,
    scopes: Object.keys(asObject(flow['scopes']) ?? {}),
  };
}

function flowOf(scheme: JsonObject): JsonObject {
  const flows = asObject(scheme['flows']);
  if (!flows) return scheme;
  const wanted = [flows['clientCredentials'], flows['authorizationCode'], ...Object.values(flows)];
  return wanted.map(asObject).find((flow) => flow !== undefined) ?? {};
}

/** The alternatives of `security`: each names the schemes that are needed together. An empty one says that none is needed. */
export function readSecurity(value: unknown): string[][] {
  return asList(value).map((alternative) => Object.keys(asObject(alternative) ?? {}));
}
