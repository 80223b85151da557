import { freshDatabase } from '@batuta/testkit/database';
import { describe, inject } from 'vitest';
import { describeCuts } from './describe-cuts.ts';

describe('on PGlite', () => {
  describeCuts(() => freshDatabase('pglite'));
});

describe('on PostgreSQL', () => {
  describeCuts(() => freshDatabase('postgres', inject('postgresUrl')));
});
