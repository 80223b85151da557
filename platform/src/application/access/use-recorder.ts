import type { Credential, CredentialUse } from '../../port/access-store.ts';
import type { AccessDependencies } from './access-dependencies.ts';

/** Each key or session is written at most this often. */
const everyMs = 60_000;
const batchMs = 1_000;
const mostRemembered = 10_000;

type Dependencies = Pick<AccessDependencies, 'store' | 'clock' | 'log' | 'sessionLimits'>;

/**
 * Notes when keys and browser sessions were last used, off the path of requests: at most once a minute each, in batches. What could not be
 * written is left: the next use says the same.
 */
export class UseRecorder {
  readonly #dependencies: Dependencies;
  readonly #notedAt = new Map<string, number>();
  #pending: CredentialUse[] = [];
  #stopTimer: (() => void) | undefined;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** `hash` is that of the key or of what the browser keeps. Contract: returns at once, never throws. */
  note({ id, tenantId }: Credential, hash: string): void {
    const at = this.#dependencies.clock.now();
    if (at - (this.#notedAt.get(hash) ?? -Infinity) < everyMs) return;
    this.#notedAt.delete(hash);
    if (this.#notedAt.size >= mostRemembered) this.#notedAt.delete(this.#notedAt.keys().next().value ?? '');
    this.#notedAt.set(hash, at);
    const expiresAt = at + this.#dependencies.sessionLimits.idleMs;
    const used = id === null ? { sessionHash: hash, expiresAt } : { keyId: id };
    this.#pending.push({ tenantId, used, at });
    this.#stopTimer ??= this.#dependencies.clock.after(batchMs, () => void this.flush());
  }

  /** Writes what was noted. Contract: never rejects. */
  async flush(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const uses = this.#pending;
    this.#pending = [];
    if (uses.length === 0) return;
    await this.#dependencies.store.noteUses(uses).catch((error: unknown) => {
      this.#dependencies.log.warn('the last use of keys was not noted', { keys: uses.length, error });
    });
  }
}
