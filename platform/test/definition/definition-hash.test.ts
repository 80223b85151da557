import { canonicalJson, type AgentDefinition, type CanonicalValue } from '@batuta/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { definitionHash } from '../../src/domain/definition/definition-hash.ts';

/** The text that hashes of definitions, policies and cached questions were made of before there was one function for all. */
function formerText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => formerText(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${formerText(field)}`);
  return `{${fields.join(',')}}`;
}

const { value: anyValue } = fc.letrec<{ value: CanonicalValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<CanonicalValue>(
      null,
      undefined,
      true,
      -0,
      1e21,
      4.5,
      0.1,
      'ä',
      '\ud800',
      '__proto__',
      '',
    ),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value')),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value')),
  ),
}));

it('a stored hash stays what it was: the text is the same for every value', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const members = { value, list: [value, undefined] };
      expect(canonicalJson(members)).toBe(formerText(members));
    }),
    { numRuns: 2_000 },
  );
});

it('a definition that was stored by an earlier version has the hash that it was stored under', () => {
  const stored: AgentDefinition = {
    name: 'keeper',
    description: 'Señor ação – 😀',
    model: ['offline/extractive'],
    tools: ['current_time', 'calculator'],
    limits: { turns: 40, minutes: 1.5, parallel_tools: 8 },
    cache: { minutes: 60, semantic: 0.95 },
    permissions: [],
    settings: { temperature: 0.2 },
    instructions: 'Keep it.\n"So."',
  };
  const golden = '2999e37c05e57e595f9afb09cffc06ded857b151a357d2e953bd6d5ddab69b4d';
  expect(definitionHash(stored)).toBe(golden);
  expect(definitionHash({ ...stored, budget: undefined })).toBe(golden);
});
