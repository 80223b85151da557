import type { AccessStore } from '../../port/access-store.ts';
import type { Clock } from '../../port/clock.ts';
import type { Ids } from '../../port/ids.ts';
import type { Log } from '../../port/log.ts';

/** What the use cases of access are made of. */
export interface AccessDependencies {
  store: AccessStore;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** The tenant whose administrators look after the whole platform. */
  platformTenant: string;
  /** Unpredictable bytes; tests give predictable ones. */
  randomBytes: (count: number) => Uint8Array;
}
