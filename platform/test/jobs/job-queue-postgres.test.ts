import { freshDatabase } from '@batuta/testkit/database';
import { describe, inject } from 'vitest';
import { describeJobQueue } from './describe-job-queue.ts';

describe('on PostgreSQL', () => {
  describeJobQueue(() => freshDatabase('postgres', inject('postgresUrl')));
});
