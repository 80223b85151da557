import { freshDatabase } from '@batuta/testkit/database';
import { describe } from 'vitest';
import { describeWebhooks } from './describe-webhooks.ts';

describe('on PGlite', () => {
  describeWebhooks(() => freshDatabase('pglite'));
});
