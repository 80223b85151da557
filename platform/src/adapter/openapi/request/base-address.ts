import type { ApiServer } from '../document/operation.ts';

/** Where the addresses of a document begin. */
export interface BaseAddress {
  /** The address of the document, to which servers may be relative; null: it is a file. */
  document: URL | null;
  /** Configured instead of the servers of the document. */
  server: string | null;
  variables: Readonly<Record<string, string>>;
}

/** The first server that makes a whole address. A text says what is missing. */
export function baseAddress(servers: readonly ApiServer[], base: BaseAddress): URL | string {
  if (base.server !== null) return URL.parse(base.server) ?? `"${base.server}" is no address`;
  let fault = 'the document names no server, so "server" must be set';
  for (const server of servers) {
    const filled = fillVariables(server, base.variables);
    if (typeof filled !== 'string') {
      fault = `the variable "${filled.missing}" of the server ${server.url} must be set under "variables"`;
      continue;
    }
    const url = base.document ? URL.parse(filled, base.document) : URL.parse(filled);
    if (url && /^https?:$/.test(url.protocol)) return url;
    fault = `the document names the server "${filled.slice(0, 200)}", which is no whole address, so "server" must be set`;
  }
  return fault;
}

function fillVariables(
  { url, variables }: ApiServer,
  values: Readonly<Record<string, string>>,
): string | { missing: string } {
  let missing: string | undefined;
  const filled = url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : variables[name];
    if (value === undefined || value === '') missing ??= name;
    return value ?? whole;
  });
  return missing === undefined ? filled : { missing };
}

/** The address of a call: the path is added to that of the server. */
export function callAddress(base: URL, { path, query }: { path: string; query: readonly string[] }): URL {
  const url = new URL(base);
  url.hash = '';
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`;
  const own = base.search === '' ? [] : [base.search.slice(1)];
  const whole = [...own, ...query].join('&');
  url.search = whole === '' ? '' : `?${whole}`;
  return url;
}
