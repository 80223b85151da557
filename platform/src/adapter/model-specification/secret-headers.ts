import type { Fetch } from './http-transport.ts';

const reference = /secret:\/\/([a-z0-9][a-z0-9_.-]{0,62})/g;

/**
 * Puts the values of secrets in the place of their references in the headers of a request, as it leaves: a provider that was configured
 * with `secret://name` holds the name only, and a secret that is set anew counts from the next request on.
 */
export function withSecretHeaders(fetch: Fetch, valueOf: (name: string) => Promise<string>): Fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of headers) {
      if (value.includes('secret://')) headers.set(name, await resolve(value, valueOf));
    }
    return fetch(input, { ...init, headers });
  };
}

async function resolve(text: string, valueOf: (name: string) => Promise<string>): Promise<string> {
  const names = [...new Set([...text.matchAll(reference)].map((match) => match[1] ?? ''))];
  const values = new Map(await Promise.all(names.map(async (name) => [name, await valueOf(name)] as const)));
  return text.replace(reference, (whole, name: string) => values.get(name) ?? whole);
}
