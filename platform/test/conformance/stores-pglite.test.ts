import { freshDatabase } from '@batuta/testkit/database';
import { describe } from 'vitest';
import { describeStores } from './conformance.ts';

describe('stores on PGlite in memory', () => {
  describeStores(() => freshDatabase('pglite'));
});

describe('stores on PGlite in a directory', () => {
  describeStores(() => freshDatabase('pglite-directory'));
});
