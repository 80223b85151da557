import type { Identity } from '../../application/access/identity.ts';

/**
 * Requests that are being answered, by client, session and id. In the era of 2025-11-25 a client cancels by a message of its own, which
 * comes as another HTTP request; that its connection ends means nothing. Requests of one session that come to another process are not
 * found here: then `cancel_run` cancels.
 */
export class RunningRequests {
  readonly #running = new Map<string, AbortController>();

  /** Enters a request; whoever gets the signal must `leave`. Undefined where the client did not keep to its session. */
  enter(
    identity: Identity,
    session: string | null,
    id: string | number,
  ): { signal: AbortSignal; leave(): void } {
    const controller = new AbortController();
    const key = keyOf(identity, session, id);
    if (key === undefined) return { signal: controller.signal, leave: () => undefined };
    this.#running.set(key, controller);
    return {
      signal: controller.signal,
      leave: () => {
        if (this.#running.get(key) === controller) this.#running.delete(key);
      },
    };
  }

  /** Cancels a request of the same client and session, if it is being answered here. */
  cancel(identity: Identity, session: string | null, id: string | number): void {
    const key = keyOf(identity, session, id);
    if (key !== undefined) this.#running.get(key)?.abort();
  }
}

const sessionPattern = /^[\w-]{16,64}$/;

/** Ids are the client's own: two clients with one key are told apart by their sessions. */
function keyOf(identity: Identity, session: string | null, id: string | number): string | undefined {
  if (session === null || !sessionPattern.test(session)) return undefined;
  const { tenantId, keyId, userId } = identity;
  return JSON.stringify([tenantId, keyId, userId, session, id]);
}
