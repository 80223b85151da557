import { BatutaError } from '@batuta/contract';
import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { describe, inject } from 'vitest';
import { describeCrashMatrix } from './crash-matrix.ts';

describe('a process on PostgreSQL', () => {
  let fresh: FreshDatabase | undefined;
  describeCrashMatrix({
    open: async () => {
      fresh = await freshDatabase('postgres', inject('postgresUrl'));
      if (fresh.url === undefined)
        throw new BatutaError('postgres-not-started', { reason: 'it has no address' });
      return { url: fresh.url };
    },
    close: () => fresh?.release(),
  });
});
