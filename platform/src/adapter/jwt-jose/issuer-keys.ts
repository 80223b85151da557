import { BatutaError } from '@batuta/contract';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import { loadJose } from './load-jose.ts';

/** How long keys are used without another look, and for how long at most when their issuer does not answer. */
const freshMs = 10 * 60_000;
const usableMs = 24 * 60 * 60_000;
/** Between two looks because a token names an unknown key, and after one that failed: guesses must not become requests. */
const unknownKeyPauseMs = 30_000;
const failurePauseMs = 10_000;
const timeoutMs = 5_000;
const mostBytes = 1_000_000;

interface Fetched {
  getKey: JWTVerifyGetKey;
  at: number;
}

interface Parts {
  issuer: string;
  clock: Clock;
  log: Log;
  fetch: typeof fetch;
}

/**
 * The public keys of one issuer, found by its discovery document.
 *
 * - none: nothing was fetched yet; whoever needs a key waits for the fetch, which all share
 * - fresh: keys of the last ten minutes; a token with an unknown key makes them be fetched again, at most every 30 s
 * - old: they are fetched again; while that fails they are used on for a day
 * - failed: the last fetch failed; for ten seconds nobody tries again
 */
export class IssuerKeys {
  readonly #parts: Parts;
  #fetched: Fetched | undefined;
  #fetching: Promise<void> | undefined;
  #failedAt = -Infinity;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Finds the key of a token. Errors: those of jose, `token-unverifiable`. */
  readonly getKey: JWTVerifyGetKey = async (header, token) => {
    if (this.#age() > freshMs) await this.#fetch();
    try {
      return await this.#known()(header, token);
    } catch (error) {
      const { errors } = await loadJose();
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#age() < unknownKeyPauseMs) throw error;
      await this.#fetch();
      return await this.#known()(header, token);
    }
  };

  #known(): JWTVerifyGetKey {
    if (this.#fetched && this.#age() < usableMs) return this.#fetched.getKey;
    throw new BatutaError('token-unverifiable', { issuer: this.#parts.issuer });
  }

  #age(): number {
    return this.#fetched ? this.#parts.clock.now() - this.#fetched.at : Infinity;
  }

  /** Contract: never rejects; what is known stays when the fetch fails. */
  async #fetch(): Promise<void> {
    const { clock, log, issuer } = this.#parts;
    if (clock.now() - this.#failedAt < failurePauseMs) return;
    this.#fetching ??= this.#read()
      .then((getKey) => void (this.#fetched = { getKey, at: clock.now() }))
      .catch((error: unknown) => {
        this.#failedAt = clock.now();
        log.warn('the keys of an issuer cannot be read', { issuer, error });
      })
      .finally(() => (this.#fetching = undefined));
    await this.#fetching;
  }

  async #read(): Promise<JWTVerifyGetKey> {
    const { issuer } = this.#parts;
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const discovered = await this.#json(address);
    if (discovered['issuer'] !== issuer) throw unreadable(`${address} is about another issuer`);
    const keysAt = discovered['jwks_uri'];
    if (typeof keysAt !== 'string') throw unreadable(`${address} names no jwks_uri`);
    if (issuer.startsWith('https:') && !keysAt.startsWith('https:'))
      throw unreadable(`${keysAt} is not https`);
    const keys = await this.#json(keysAt);
    if (!isKeySet(keys)) throw unreadable(`${keysAt} has no keys`);
    return (await loadJose()).createLocalJWKSet(keys);
  }

  async #json(address: string): Promise<Record<string, unknown>> {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { accept: 'application/json' };
    const answer = await this.#parts.fetch(address, { redirect: 'error', signal, headers });
    if (!answer.ok) throw unreadable(`${address} answered ${answer.status}`);
    if (Number(answer.headers.get('content-length') ?? 0) > mostBytes)
      throw unreadable(`${address} is too large`);
    const text = await answer.text();
    if (text.length > mostBytes) throw unreadable(`${address} is too large`);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) throw unreadable(`${address} holds no object`);
    return { ...value };
  }
}

/** Of what the keys are made is for jose to see. */
function isKeySet(value: Record<string, unknown>): value is Record<string, unknown> & JSONWebKeySet {
  return (
    Array.isArray(value['keys']) && value['keys'].every((key) => typeof key === 'object' && key !== null)
  );
}

function unreadable(incident: string): BatutaError<'internal'> {
  return new BatutaError('internal', { incident });
}
