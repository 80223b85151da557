import { describe } from 'vitest';
import { makeBubblewrapProvider } from '../../src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { describeAttacks } from './describe-attacks.ts';
import { describeTerminal } from './describe-terminal.ts';
import { describeNamedOutput, describeSandbox } from './describe-sandbox.ts';

const provider = makeBubblewrapProvider({ user: 2000, folders: [] });

describe('bubblewrap', () => {
  describeSandbox(provider);
  describeNamedOutput(provider);
  describeTerminal(provider);
});

describe('attacks on bubblewrap', () => {
  describeAttacks(provider);
});
