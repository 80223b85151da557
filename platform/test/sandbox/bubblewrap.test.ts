import { describe } from 'vitest';
import { makeBubblewrapProvider } from '../../src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { describeSandbox } from './describe-sandbox.ts';

describe('bubblewrap', () => {
  describeSandbox(makeBubblewrapProvider({ user: 2000, folders: [] }));
});
