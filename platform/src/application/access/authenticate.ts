import { BatutaError } from '@batuta/contract';
import { effectiveGrant } from '../../domain/identity/grants.ts';
import type { Credential } from '../../port/access-store.ts';
import type { AccessDependencies } from './access-dependencies.ts';
import type { Identity } from './identity.ts';
import { hashSecret } from './secret.ts';
import type { TokenEntrance } from './token-entrance.ts';
import type { UseRecorder } from './use-recorder.ts';

/** How long what was found is trusted without another look: a revoked key works at most this much longer. */
const trustedMs = 5_000;
const mostCached = 10_000;
const longestSecret = 256;

interface Trusted {
  identity: Promise<Identity>;
  until: number;
  /** Notes that it was used; set once it was found. */
  note: () => void;
}

/** What was sent, and how it is found out whose it is. */
interface Presented {
  secret: string;
  lookUp: (hash: string) => Promise<Credential | undefined>;
  /** Tokens of others are not ours to keep a record of. */
  isNoted: boolean;
}

interface Dependencies extends Pick<
  AccessDependencies,
  'store' | 'clock' | 'platformTenant' | 'sessionLimits'
> {
  uses: UseRecorder;
  /** Absent: only keys. */
  tokens?: TokenEntrance;
}

/**
 * Turns keys, and what browsers keep in their cookie, into identities. Requests that come together with the same one share one
 * look-up. Only what exists is remembered, so that guessing cannot fill the memory.
 */
export class Authenticator {
  readonly #dependencies: Dependencies;
  readonly #cache = new Map<string, Trusted>();

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Who has this key or token. Errors: `key-missing`, `key-invalid`, `token-invalid`, `token-unverifiable`, `access-disabled`. */
  async key(key: string | undefined): Promise<Identity> {
    if (key === undefined) throw new BatutaError('key-missing', {});
    const { store, tokens } = this.#dependencies;
    if (tokens?.isToken(key)) {
      return this.#find({ secret: key, lookUp: (hash) => tokens.find(key, hash), isNoted: false });
    }
    refuseImpossible(key);
    return this.#find({ secret: key, lookUp: (hash) => store.findKey(hash), isNoted: true });
  }

  /** Whose browser keeps this. Errors: `key-invalid`, `access-disabled`. */
  async browser(token: string): Promise<Identity> {
    const { store } = this.#dependencies;
    refuseImpossible(token);
    return this.#find({ secret: token, lookUp: (hash) => store.findBrowserSession(hash), isNoted: true });
  }

  /** Called when a browser signs out: elsewhere it may be trusted for five seconds more. */
  forget(token: string): void {
    this.#cache.delete(hashSecret(token));
  }

  async #find(presented: Presented): Promise<Identity> {
    const hash = hashSecret(presented.secret);
    const found = this.#cache.get(hash);
    if (found !== undefined && found.until > this.#dependencies.clock.now()) {
      found.note();
      return found.identity;
    }
    const trusted: Trusted = {
      identity: Promise.resolve().then(() => this.#lookUp(hash, trusted, presented)),
      until: this.#dependencies.clock.now() + trustedMs,
      note: () => undefined,
    };
    this.#remember(hash, trusted);
    trusted.identity.catch(() => {
      if (this.#cache.get(hash) === trusted) this.#cache.delete(hash);
    });
    return trusted.identity;
  }

  async #lookUp(hash: string, trusted: Trusted, { lookUp, isNoted }: Presented): Promise<Identity> {
    const { platformTenant, uses } = this.#dependencies;
    const credential = await lookUp(hash);
    if (credential === undefined) throw new BatutaError('key-invalid', {});
    refuseDisabled(credential);
    if (credential.expiresAt !== null) trusted.until = Math.min(trusted.until, credential.expiresAt);
    if (isNoted) trusted.note = () => uses.note(credential, hash);
    trusted.note();
    return toIdentity(credential, platformTenant);
  }

  /** The oldest entry makes room: a map keeps the order in which its keys were set. */
  #remember(hash: string, trusted: Trusted): void {
    this.#cache.delete(hash);
    if (this.#cache.size >= mostCached) this.#cache.delete(this.#cache.keys().next().value ?? '');
    this.#cache.set(hash, trusted);
  }
}

/** What cannot be a key costs nobody a look. */
function refuseImpossible(secret: string): void {
  if (secret === '' || secret.length > longestSecret) throw new BatutaError('key-invalid', {});
}

function refuseDisabled({ tenantId, user, isTenantDisabled }: Credential): void {
  if (isTenantDisabled) throw new BatutaError('access-disabled', { what: 'tenant', id: tenantId });
  if (user?.isDisabled) throw new BatutaError('access-disabled', { what: 'user', id: user.id });
}

function toIdentity(credential: Credential, platformTenant: string): Identity {
  const { tenantId, familyId, name, user } = credential;
  const { role, scopes } = effectiveGrant(credential, user, platformTenant);
  const userId = user?.id ?? null;
  return { tenantId, keyId: familyId, userId, name: user?.name ?? name, role, scopes, address: null };
}
