import type { FreshDatabase } from '@batuta/testkit/database';
import { afterEach, beforeEach } from 'vitest';

/** Makes the database that a test works on: migrated, empty, its own. */
export type StoreFactory = () => Promise<FreshDatabase>;

/** A fresh database for each test of a suite, given back after it. The result gives the one of the present test. */
export function useStores(open: StoreFactory): () => FreshDatabase {
  let current: FreshDatabase | undefined;
  beforeEach(async () => {
    current = await open();
    await current.access.ensureTenant('acme', 'Acme');
    await current.runs.heartbeat('worker-1', 60_000);
  });
  afterEach(() => current?.release());
  return () => {
    if (!current) throw new TypeError('used outside of a test');
    return current;
  };
}
