import { describe } from 'vitest';
import { makeUnconfinedProvider } from '../../src/adapter/sandbox-none/unconfined-sandbox.ts';
import { describeTerminal } from './describe-terminal.ts';
import { describeNamedOutput, describeSandbox } from './describe-sandbox.ts';

describe('commands that nothing keeps in', () => {
  const provider = makeUnconfinedProvider();
  describeSandbox(provider);
  describeNamedOutput(provider);
  describeTerminal(provider);
});
