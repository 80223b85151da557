import type { AccessEndReason } from '@batuta/contract';
import { effectiveGrant, mayGive } from '../../domain/identity/grants.ts';
import type { AccessStore, Credential, Proof, Standing } from '../../port/access-store.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { Identity } from './identity.ts';

/** How often what open streams were opened with is looked at. A word over the bus makes it sooner. */
const everyMs = 3_000;

/** What looking takes. */
export interface StandingParts {
  store: Pick<AccessStore, 'standings'>;
  clock: Clock;
  log: Log;
  platformTenant: string;
  /** Called when somebody may no longer enter as before: what is remembered of them must be looked up again. */
  forget: (hash: string) => void;
}

interface Watcher {
  identity: Identity;
  ended: (reason: AccessEndReason) => void;
}

interface Watched {
  proof: Proof;
  watchers: Set<Watcher>;
}

/**
 * Looks after whoever was let in and stays: ends what they have open when their key, token or session is over, they are disabled, or may
 * do less than before. One look-up for all of them every three seconds, however many there are; none while nobody stays.
 *
 * States: *idle* (nobody is watched), *waiting* (a timer runs), *looking* (a look-up is under way; a word that comes meanwhile makes
 * another one follow at once).
 */
export class StandingWatch {
  readonly #parts: StandingParts;
  readonly #watched = new Map<string, Watched>();
  #stopTimer: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(parts: StandingParts) {
    this.#parts = parts;
  }

  /** How many different keys, tokens and sessions are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Calls `ended` once when the identity is no longer what it was. Returns the way to stop. Contract: `ended` never throws. */
  watch(identity: Identity, ended: Watcher['ended']): () => void {
    const { proof } = identity;
    if (proof === undefined) return () => undefined;
    const { hash } = proof;
    const watched = this.#watched.get(hash) ?? { proof, watchers: new Set() };
    const watcher = { identity, ended };
    watched.watchers.add(watcher);
    this.#watched.set(hash, watched);
    if (this.#looking === undefined) this.#stopTimer ??= this.#wait();
    return () => this.#unwatch(hash, watcher);
  }

  /** Looks at all that are watched. Contract: never rejects. */
  look(): Promise<void> {
    this.#lookAgain = this.#looking !== undefined;
    this.#looking ??= this.#run().finally(() => {
      this.#looking = undefined;
      if (this.#watched.size > 0) this.#stopTimer ??= this.#wait();
    });
    return this.#looking;
  }

  #wait(): () => void {
    return this.#parts.clock.after(everyMs, () => {
      this.#stopTimer = undefined;
      void this.look();
    });
  }

  #unwatch(hash: string, watcher: Watcher): void {
    const watched = this.#watched.get(hash);
    if (!watched?.watchers.delete(watcher) || watched.watchers.size > 0) return;
    this.#watched.delete(hash);
    if (this.#watched.size > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  async #run(): Promise<void> {
    do {
      this.#lookAgain = false;
      await this.#lookOnce().catch((error: unknown) => {
        this.#parts.log.warn('whether open streams may go on cannot be looked up; they go on until then', {
          error,
        });
      });
    } while (this.#lookAgain && this.#watched.size > 0);
  }

  async #lookOnce(): Promise<void> {
    if (this.#watched.size === 0) return;
    const looked = [...this.#watched.values()];
    const found = await this.#parts.store.standings(looked.map(({ proof }) => proof));
    for (const { proof, watchers } of looked) {
      const standing = found.get(proof.hash);
      for (const watcher of watchers) this.#judge(watcher, proof, standing);
    }
  }

  #judge(watcher: Watcher, proof: Proof, standing: Standing | undefined): void {
    const reason = this.#reasonOf(watcher.identity, proof, standing);
    if (reason === null) return;
    this.#unwatch(proof.hash, watcher);
    this.#parts.forget(proof.hash);
    watcher.ended(reason);
  }

  #reasonOf(identity: Identity, proof: Proof, standing: Standing | undefined): AccessEndReason | null {
    const { clock, platformTenant } = this.#parts;
    if (proof.kind === 'token' && proof.expiresAt <= clock.now()) return 'token-expired';
    if (standing === undefined) return goneAs[proof.kind];
    if (standing.ended !== null) return standing.ended;
    if (standing.credential.isTenantDisabled) return 'tenant-disabled';
    if (standing.credential.user?.isDisabled) return 'user-disabled';
    return mayStill(identity, standing.credential, platformTenant) ? null : 'rights-reduced';
  }
}

const goneAs = { key: 'key-revoked', browser: 'signed-out', token: 'user-deleted' } as const;

/** Whether somebody may do all that they might when they were let in. Of a token, the role of its user is what can change. */
function mayStill(
  { role, scopes, proof }: Identity,
  credential: Credential,
  platformTenant: string,
): boolean {
  if (proof?.kind === 'token') return mayGive(credential.role, proof.userRole);
  const now = effectiveGrant(credential, credential.user, platformTenant);
  return mayGive(now.role, role) && [...scopes].every((scope) => now.scopes.has(scope));
}
