import { freshDatabase } from '@batuta/testkit/database';
import { describe, inject } from 'vitest';
import { describeStores } from './conformance.ts';

describe('stores on PostgreSQL', () => {
  describeStores(() => freshDatabase('postgres', inject('postgresUrl')));
});
