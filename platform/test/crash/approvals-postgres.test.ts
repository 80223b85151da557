import { BatutaError } from '@batuta/contract';
import { freshDatabase, type FreshDatabase } from '@batuta/testkit/database';
import { describe, inject } from 'vitest';
import { describeApprovalCrashes } from './describe-approval-crashes.ts';

describe('a process with approvals on PostgreSQL', () => {
  let fresh: FreshDatabase | undefined;
  describeApprovalCrashes({
    open: async () => {
      fresh = await freshDatabase('postgres', inject('postgresUrl'));
      if (fresh.url === undefined)
        throw new BatutaError('postgres-not-started', { reason: 'it has no address' });
      return { url: fresh.url };
    },
    close: () => fresh?.release(),
  });
});
