import type { ExchangeAnswer } from '../../pinned-http/exchange.ts';
import { asObject, asText } from '../document/json-shape.ts';
import { percentEncode } from '../request/encode-value.ts';
import { RequestFault } from '../request/request-fault.ts';
import type { AccessToken } from './token-store.ts';

/** What a token server is asked for. */
export interface TokenRequest {
  tokenUrl: URL;
  clientId: string;
  clientSecret: string | null;
  authentication: 'header' | 'body';
  /** `grant_type` and what belongs to it. */
  form: Readonly<Record<string, string>>;
}

/** Sends one request; the body is a form. */
export type PostForm = (request: {
  url: URL;
  headers: Record<string, string>;
  body: Buffer;
}) => Promise<ExchangeAnswer>;

const defaultSeconds = 300;

/** Asks a token server (RFC 6749, 4.4 and 6). Throws `RequestFault` without any value that was sent. */
export async function fetchToken(
  request: TokenRequest,
  { post, now }: { post: PostForm; now: () => number },
): Promise<AccessToken & { refreshToken: string | null }> {
  const { clientId, clientSecret } = request;
  const isSecretHeader = request.authentication === 'header' && clientSecret !== null;
  const own = isSecretHeader
    ? {}
    : { client_id: clientId, ...(clientSecret === null ? {} : { client_secret: clientSecret }) };
  const form = Object.entries<string>({ ...request.form, ...own }).map(
    ([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`,
  );
  const authorization = isSecretHeader
    ? { authorization: basic(percentEncode(clientId), percentEncode(clientSecret)) }
    : {};
  const answer = await post({
    url: request.tokenUrl,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...authorization,
    },
    body: Buffer.from(form.join('&')),
  });
  return readToken(answer, request.tokenUrl, now());
}

/** The value of an Authorization header. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function readToken(
  { status, body }: ExchangeAnswer,
  tokenUrl: URL,
  now: number,
): AccessToken & { refreshToken: string | null } {
  const told = readJson(body) ?? {};
  const value = asText(told['access_token']) ?? '';
  if (status === 200 && value !== '') {
    return {
      value,
      expiresAt: now + lastsSeconds(told['expires_in']) * 1000,
      refreshToken: asText(told['refresh_token']) ?? null,
    };
  }
  // Only the word of the standard: other texts might repeat what was sent.
  const word = asText(told['error']) ?? '';
  const reason = /^[a-z_]{1,60}$/.test(word) ? `${status} ${word}` : String(status);
  throw new RequestFault(
    `no access token was given by ${tokenUrl.origin} (${reason}): a person must check the credentials of this API in batuta.yaml`,
  );
}

function lastsSeconds(told: unknown): number {
  const seconds = Number(told ?? defaultSeconds);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : defaultSeconds;
}

function readJson(body: Buffer) {
  try {
    return asObject(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}
