import { expect, test } from 'vitest';
import { allTools } from '../../src/interface/mcp/all-tools.ts';
import { toolProbes } from '../isolation/mcp-probes.ts';

test('every tool is tried by strangers: see isolation/mcp-probes.ts', () => {
  const names = allTools.map(({ name }) => name).toSorted();
  expect(Object.keys(toolProbes).toSorted()).toEqual(names);
});
