import { describe } from 'vitest';
import { describeIsolation } from './describe-isolation.ts';

describe('isolation on PGlite', () => {
  describeIsolation({ database: 'pglite' });
});
