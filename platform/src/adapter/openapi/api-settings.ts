import type { StatedAnnotations } from './document/operation.ts';

/** How the platform makes itself known to an API. What begins with `secret://` is the name of a secret. */
export type Credential =
  | {
      type: 'api_key';
      key: string;
      in?: 'header' | 'query' | 'cookie' | undefined;
      name?: string | undefined;
    }
  | { type: 'bearer'; token: string }
  | { type: 'basic'; username: string; password: string }
  | OauthCredential;

/** A client of an authorisation server. */
export interface OauthCredential {
  type: 'oauth2';
  flow: 'client_credentials' | 'authorization_code';
  client_id: string;
  client_secret?: string | undefined;
  token_url?: string | undefined;
  authorization_url?: string | undefined;
  scopes?: readonly string[] | undefined;
  audience?: string | undefined;
  client_authentication: 'header' | 'body';
}

/** One API. */
export interface ApiSettings {
  /** Its name in references: `openapi:<name>/<operation>`. */
  name: string;
  /** A file of the project folder, or an address. */
  document: string;
  /** Instead of the servers of the document. */
  server: string | null;
  variables: Readonly<Record<string, string>>;
  /** By the name of the document's scheme. */
  auth: Readonly<Record<string, Credential>>;
  /** Sent with every call. */
  headers: Readonly<Record<string, string>>;
  /** By patterns of names; the last one that fits wins. */
  operations: Readonly<Record<string, StatedAnnotations & { hidden?: boolean }>>;
  stated: StatedAnnotations & { untrusted?: boolean };
  idempotencyHeader: string | null;
  callsPerMinute: number | null;
  cache: boolean;
  timeoutMs: number;
  refreshMs: number;
}

/** Limits that all APIs share. */
export interface ApiLimits {
  allowPrivate: readonly string[];
  maxBytes: number;
  documentMaxBytes: number;
  cacheBytes: number;
}
