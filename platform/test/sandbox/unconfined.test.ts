import { describe } from 'vitest';
import { makeUnconfinedProvider } from '../../src/adapter/sandbox-none/unconfined-sandbox.ts';
import { describeSandbox } from './describe-sandbox.ts';

describe('commands that nothing keeps in', () => {
  describeSandbox(makeUnconfinedProvider());
});
