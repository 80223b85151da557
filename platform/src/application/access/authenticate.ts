import { BatutaError } from '@batuta/contract';
import { effectiveGrant } from '../../domain/identity/grants.ts';
import type { Credential, Proof } from '../../port/access-store.ts';
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
  /** Set once it was found. */
  tenantId: string | null;
  identity: Promise<Identity>;
  until: number;
  /** Notes that it was used; set once it was found. */
  note: () => void;
}

/** What was sent, and how it is found out whose it is. */
interface Presented {
  secret: string;
  lookUp: (hash: string) => Promise<Credential | undefined>;
  kind: Proof['kind'];
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
      return this.#find({
        secret: key,
        lookUp: (hash) => tokens.find(key, hash),
        kind: 'token',
        isNoted: false,
      });
    }
    refuseImpossible(key);
    return this.#find({ secret: key, lookUp: (hash) => store.findKey(hash), kind: 'key', isNoted: true });
  }

  /** Whose browser keeps this. Errors: `key-invalid`, `access-disabled`. */
  async browser(token: string): Promise<Identity> {
    const { store } = this.#dependencies;
    refuseImpossible(token);
    const lookUp = (hash: string) => store.findBrowserSession(hash);
    return this.#find({ secret: token, lookUp, kind: 'browser', isNoted: true });
  }

  /** Called when a browser signs out: elsewhere it may be trusted for five seconds more. */
  forget(token: string): void {
    this.forgetHash(hashSecret(token));
  }

  /** What was found by the hash of a key, token or session is looked up again. */
  forgetHash(hash: string): void {
    this.#cache.delete(hash);
  }

  /** Called when keys, users or the tenant were changed, here or in another process. */
  forgetTenant(tenantId: string): void {
    for (const [hash, trusted] of this.#cache) {
      // Who is being looked up right now may have been found as they were before.
      if (trusted.tenantId === tenantId || trusted.tenantId === null) this.#cache.delete(hash);
    }
  }

  async #find(presented: Presented): Promise<Identity> {
    const hash = hashSecret(presented.secret);
    const found = this.#cache.get(hash);
    if (found !== undefined && found.until > this.#dependencies.clock.now()) {
      found.note();
      return found.identity;
    }
    const trusted: Trusted = {
      tenantId: null,
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

  async #lookUp(hash: string, trusted: Trusted, { lookUp, kind, isNoted }: Presented): Promise<Identity> {
    const { platformTenant, uses } = this.#dependencies;
    const credential = await lookUp(hash);
    if (credential === undefined) throw new BatutaError('key-invalid', {});
    trusted.tenantId = credential.tenantId;
    refuseDisabled(credential);
    if (credential.expiresAt !== null) trusted.until = Math.min(trusted.until, credential.expiresAt);
    if (isNoted) trusted.note = () => uses.note(credential, hash);
    trusted.note();
    return { ...toIdentity(credential, platformTenant), proof: proofOf(kind, hash, credential) };
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

function proofOf(kind: Proof['kind'], hash: string, { user, role, expiresAt }: Credential): Proof {
  if (kind !== 'token') return { kind, hash };
  return {
    kind,
    hash,
    userId: user?.id ?? '',
    userRole: user?.role ?? role,
    expiresAt: expiresAt ?? Infinity,
  };
}

function toIdentity(credential: Credential, platformTenant: string): Identity {
  const { tenantId, familyId, name, user } = credential;
  const { role, scopes } = effectiveGrant(credential, user, platformTenant);
  const userId = user?.id ?? null;
  return { tenantId, keyId: familyId, userId, name: user?.name ?? name, role, scopes, address: null };
}
