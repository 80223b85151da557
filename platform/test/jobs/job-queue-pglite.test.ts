import { freshDatabase } from '@batuta/testkit/database';
import { describe } from 'vitest';
import { describeJobQueue } from './describe-job-queue.ts';

describe('on PGlite', () => {
  describeJobQueue(() => freshDatabase('pglite-directory'));
});
