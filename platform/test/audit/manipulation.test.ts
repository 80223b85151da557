import { freshDatabase } from '@batuta/testkit/database';
import { describe, inject } from 'vitest';
import { describeManipulation } from './describe-manipulation.ts';

describe('the audit log on PGlite', () => {
  describeManipulation(() => freshDatabase('pglite'));
});

describe('the audit log on PostgreSQL', () => {
  describeManipulation(() => freshDatabase('postgres', inject('postgresUrl')));
});
