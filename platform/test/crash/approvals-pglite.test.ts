import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { describeApprovalCrashes } from './describe-approval-crashes.ts';

describe('a process with approvals on PGlite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'batuta-crash-'));
  describeApprovalCrashes({
    open: async () => ({ directory }),
    close: () => rmSync(directory, { recursive: true, force: true }),
  });
});
