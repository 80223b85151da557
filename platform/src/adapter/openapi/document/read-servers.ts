import type { JsonObject } from '@batuta/contract';
import { asList, asObject, asText, plainOf } from './json-shape.ts';
import type { ApiServer } from './operation.ts';

/** Servers of 3.x; what is not well-formed is passed over. */
export function readServers(value: unknown): ApiServer[] {
  return asList(value).flatMap((entry) => {
    const url = asText(asObject(entry)?.['url']);
    if (url === undefined) return [];
    const variables = Object.entries(asObject(asObject(entry)?.['variables']) ?? {});
    const defaults = variables.map(([name, variable]) => [name, plainOf(asObject(variable)?.['default'])]);
    return [{ url, variables: Object.fromEntries(defaults) }];
  });
}

/** Servers of a document, of Swagger 2 as well. Without any: where the document came from. */
export function serversOf(document: JsonObject): ApiServer[] {
  if (document['swagger'] === undefined) {
    const told = readServers(document['servers']);
    return told.length > 0 ? told : [{ url: '/', variables: {} }];
  }
  const host = asText(document['host']);
  const path = asText(document['basePath']) ?? '/';
  const schemes = asList(document['schemes']).filter((scheme) => scheme === 'https' || scheme === 'http');
  const scheme = schemes.includes('https') || schemes.length === 0 ? 'https' : 'http';
  return [
    {
      url: host === undefined ? path : `${scheme}://${host}${path.startsWith('/') ? '' : '/'}${path}`,
      variables: {},
    },
  ];
}
