import { describe, inject } from 'vitest';
import { describeSchedules } from './describe-schedules.ts';

describe('on PostgreSQL', () => {
  describeSchedules({ database: 'postgres', postgresUrl: inject('postgresUrl') });
});
