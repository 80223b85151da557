import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { describeCrashMatrix } from './crash-matrix.ts';

describe('a process on PGlite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'batuta-crash-'));
  describeCrashMatrix({
    open: async () => ({ directory }),
    close: () => rmSync(directory, { recursive: true, force: true }),
  });
});
