import { createHash } from 'node:crypto';

/** What makes a request one of the platform's. Nothing of it may be seen by a model or in a log. */
export interface AppliedCredentials {
  headers: Readonly<Record<string, string>>;
  /** Percent-encoded `name=value`. */
  query: readonly string[];
  cookies: readonly string[];
  /** Every value that would open a door, to be taken out of what comes back. */
  secrets: readonly string[];
  /** Gives up a token that the API no longer takes. True: there may be another one; false: there is nothing to renew. */
  renew(): Promise<boolean>;
}

/** No credentials. */
export const noCredentials: AppliedCredentials = {
  headers: {},
  query: [],
  cookies: [],
  secrets: [],
  renew: () => Promise.resolve(false),
};

/** Credentials that are needed together. */
export function joinCredentials(parts: readonly AppliedCredentials[]): AppliedCredentials {
  if (parts.length === 0) return noCredentials;
  return {
    headers: Object.assign({}, ...parts.map(({ headers }) => headers)),
    query: parts.flatMap(({ query }) => query),
    cookies: parts.flatMap(({ cookies }) => cookies),
    secrets: parts.flatMap(({ secrets }) => secrets),
    // Each must give up its own token.
    renew: async () => (await Promise.all(parts.map((part) => part.renew()))).includes(true),
  };
}

/** What tells credentials apart without telling them. */
export function fingerprintOf({ secrets }: AppliedCredentials): string {
  return createHash('sha256').update(JSON.stringify(secrets)).digest('hex').slice(0, 32);
}
