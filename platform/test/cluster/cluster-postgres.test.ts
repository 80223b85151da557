import { inject } from 'vitest';
import { describeCluster } from './describe-cluster.ts';

describeCluster('PostgreSQL', () => ({ postgresUrl: inject('postgresUrl') }));
