import { agentDefinitionSchema } from '@batuta/contract';
import { expect, test } from 'vitest';
import { unheededSettings } from '../../src/composition/unheeded-settings.ts';

const agent = (name: string, settings: object) =>
  agentDefinitionSchema.parse({ name, description: 'Does it.', instructions: 'Do it.', ...settings });

test('an agent that relies on a memory is told that there is none yet', () => {
  const agents = [
    agent('plain', {}),
    agent('thrifty', { budget: { run_usd: 1 } }),
    agent('wise', { memory: { recall: 'auto' } }),
  ];
  expect(unheededSettings(agents)).toEqual(['Agent wise: "memory" has no effect yet.']);
});
