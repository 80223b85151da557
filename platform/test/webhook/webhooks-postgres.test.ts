import { freshDatabase } from '@batuta/testkit/database';
import { describe, inject } from 'vitest';
import { describeWebhooks } from './describe-webhooks.ts';

describe('on PostgreSQL', () => {
  describeWebhooks(() => freshDatabase('postgres', inject('postgresUrl')));
});
