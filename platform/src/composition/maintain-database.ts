import type { Clock } from '../port/clock.ts';
import type { Database } from '../port/database.ts';
import type { Log } from '../port/log.ts';
import type { ComposedPlatform } from './compose-platform.ts';

/** Between looks whether the embedded database can be vacuumed. */
const intervalMs = 15 * 60_000;

/**
 * Vacuums the embedded database now and then while nothing runs: it has no autovacuum, and queries would wait for it. Returns the
 * way to stop. A server does this by itself.
 */
export function maintainDatabase(context: {
  database: Database;
  platform: ComposedPlatform;
  clock: Clock;
  log: Log;
}): () => void {
  const { database, platform, clock, log } = context;
  const stopped = new AbortController();
  const maintain = async () => {
    let dirty = true;
    while (!stopped.signal.aborted) {
      await clock.sleep(intervalMs, stopped.signal);
      if (stopped.signal.aborted) return;
      const busy = (platform.worker?.size ?? 0) > 0;
      dirty ||= busy;
      if (busy || !dirty) continue;
      dirty = false;
      await database.vacuum().catch((error: unknown) => log.warn('vacuum failed', { error }));
    }
  };
  if (database.kind === 'embedded') void maintain();
  return () => stopped.abort();
}
