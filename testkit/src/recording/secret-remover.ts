import type { IncomingHttpHeaders } from 'node:http';

import { BatutaError, type JsonValue } from '@batuta/contract';

/** What stands in a recording where a secret was. */
export const removed = '[removed]';

const secretHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
  'set-cookie',
  'openai-organization',
  'openai-project',
  'anthropic-organization-id',
]);

const secretParameters = new Set(['key', 'api_key', 'api-key', 'apikey', 'access_token', 'token']);

/** Shorter values would be found in innocent text. */
const shortestGiven = 4;
const shortestLearned = 8;
const mostLearned = 1000;

/** Takes secrets out of what is saved: known headers and parameters, given values, and the keys seen in those headers. */
export class SecretRemover {
  readonly #values = new Set<string>();
  readonly #given: number;

  constructor(values: readonly string[]) {
    for (const value of values) {
      if (value.length < shortestGiven) {
        const reason = `has a value of ${value.length} characters; a secret needs at least ${shortestGiven}, or it is found everywhere`;
        throw new BatutaError('configuration-invalid', { name: 'secrets', source: 'the recorder', reason });
      }
      this.#add(value);
    }
    this.#given = this.#values.size;
  }

  /** Remembers the secrets of a request, so that an answer that quotes them is cleaned too. */
  learn(headers: IncomingHttpHeaders, path: string): void {
    const fromHeaders = Object.entries(headers)
      .filter(([name]) => secretHeaders.has(name))
      .flatMap(([name, value]) => [value ?? []].flat().flatMap((text) => secretsIn(name, text)));
    const fromQuery = [...queryOf(path)]
      .filter(([name]) => isSecretParameter(name))
      .map(([, value]) => value);
    for (const value of [...fromHeaders, ...fromQuery]) {
      if (value.length >= shortestLearned && this.#values.size < this.#given + mostLearned) this.#add(value);
    }
  }

  headers(headers: IncomingHttpHeaders): Record<string, string> {
    const kept = Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined,
    );
    return Object.fromEntries(
      kept.map(([name, value]) => [
        name,
        secretHeaders.has(name) ? removed : this.text([value].flat().join(', ')),
      ]),
    );
  }

  /** A path with query, without the values of secret parameters. */
  path(path: string): string {
    const [address = '', query] = path.split('?', 2);
    if (query === undefined) return this.text(address);
    const parameters = [...queryOf(path)].map(([name, value]) => {
      const clean = isSecretParameter(name) ? removed : this.text(value);
      return `${encodeURIComponent(name)}=${encodeURIComponent(clean)}`;
    });
    return `${this.text(address)}?${parameters.join('&')}`;
  }

  text(text: string): string {
    let clean = text;
    for (const value of this.#values) clean = clean.replaceAll(value, removed);
    return clean;
  }

  /** A value whose texts and keys are without secrets. */
  json(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.json(item)]));
  }

  /** The pieces of one body. A secret may lie across two of them, so it is overwritten in place: no piece changes its length. */
  chunks(chunks: readonly Buffer[]): Buffer[] {
    const whole = Buffer.concat(chunks);
    for (const value of this.#values) overwrite(whole, Buffer.from(value));
    let start = 0;
    return chunks.map((chunk) => {
      start += chunk.length;
      return whole.subarray(start - chunk.length, start);
    });
  }

  /** A value as it is, and as it stands within JSON and within an address. */
  #add(value: string): void {
    this.#values.add(value);
    this.#values.add(JSON.stringify(value).slice(1, -1));
    this.#values.add(encodeURIComponent(value));
  }
}

/** The secret parts of a header: not the scheme of an authorization, not the names of cookies. */
function secretsIn(header: string, value: string): string[] {
  if (header !== 'cookie') return [value.slice(value.lastIndexOf(' ') + 1)];
  return value.split(';').map((cookie) => cookie.slice(cookie.indexOf('=') + 1).trim());
}

function isSecretParameter(name: string): boolean {
  return secretParameters.has(name.toLowerCase());
}

function queryOf(path: string): URLSearchParams {
  return new URLSearchParams(path.split('?', 2)[1] ?? '');
}

function overwrite(bytes: Buffer, secret: Buffer): void {
  for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at + secret.length)) {
    bytes.fill('*', at, at + secret.length);
  }
}
