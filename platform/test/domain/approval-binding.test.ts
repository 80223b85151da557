import { describe, expect, it } from 'vitest';
import { isBoundTo } from '../../src/domain/policy/approval-binding.ts';

describe('an approval', () => {
  const approved = { argumentsHash: 'a', policyVersion: '1' };

  it('holds for the same arguments under the same rules', () => {
    expect(isBoundTo(approved, { ...approved })).toBe(true);
  });

  it.each([
    ['nothing was approved', null, approved],
    ['the arguments are others', approved, { ...approved, argumentsHash: 'b' }],
    ['the rules are others', approved, { ...approved, policyVersion: '2' }],
  ])('does not hold when %s', (_, given, wanted) => {
    expect(isBoundTo(given, wanted)).toBe(false);
  });
});
