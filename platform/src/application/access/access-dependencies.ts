import type { AccessStore } from '../../port/access-store.ts';
import type { Clock } from '../../port/clock.ts';
import type { Ids } from '../../port/ids.ts';
import type { Log } from '../../port/log.ts';

/** How long a browser stays signed in. */
export interface SessionLimits {
  /** Without being used. */
  idleMs: number;
  /** However much it is used. */
  longestMs: number;
}

/** What the use cases of access are made of. */
export interface AccessDependencies {
  store: AccessStore;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The tenant whose administrators look after the whole platform. */
  platformTenant: string;
  sessionLimits: SessionLimits;
  /** Unpredictable bytes; tests give predictable ones. */
  randomBytes: (count: number) => Uint8Array;
}
