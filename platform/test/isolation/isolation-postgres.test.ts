import { describe, inject } from 'vitest';
import { describeIsolation } from './describe-isolation.ts';

describe('isolation on PostgreSQL', () => {
  describeIsolation({ database: 'postgres', postgresUrl: inject('postgresUrl') });
});
