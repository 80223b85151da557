import type { JsonObject, JsonValue } from '@batuta/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkArguments } from '../../src/adapter/openapi/schema/check-arguments.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const name = fc.constantFrom('a', 'b', 'c');
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.5, 1.5),
  fc.constantFrom('', 'x', 'xy', 'xyz', '𝒳𝒴'),
  fc.boolean(),
  fc.constant(null),
);

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const limit = fc.integer({ min: 0, max: 3 });
const types = fc.subarray(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'], {
  minLength: 1,
  maxLength: 3,
});

const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: types }, { requiredKeys: [] }),
    fc.record({
      enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3, selector: (each) => JSON.stringify(each) }),
    }),
    fc.record(
      { type: fc.constant('string'), minLength: limit, maxLength: limit },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      { minimum: limit, maximum: limit, exclusiveMinimum: limit, exclusiveMaximum: limit },
      { requiredKeys: [] },
    ),
    fc.record(
      { type: fc.constant('array'), items: tie('schema'), minItems: limit, maxItems: limit },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(name, tie('schema'), { noNullPrototype: true }),
        required: fc.uniqueArray(name),
        additionalProperties: fc.oneof(fc.constant(false), tie('schema')),
        minProperties: limit,
        maxProperties: limit,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

test('arguments are judged as Ajv judges them', () => {
  fc.assert(
    fc.property(schema, value, (told, given) => {
      const isValid = ajv.compile(told)(given);
      expect(checkArguments(told, given).length === 0).toBe(isValid);
    }),
    { numRuns: 1_000 },
  );
});

const invoice: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: 1 },
    state: { type: 'string', enum: ['open', 'paid'] },
    lines: {
      type: 'array',
      items: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    },
  },
  required: ['id'],
  additionalProperties: false,
};

test.each([
  [{}, '"id" is missing'],
  [{ id: '7' }, '"id" must be a whole number, not "7"'],
  [{ id: 0 }, '"id" must be at least 1'],
  [{ id: 1, state: 'late' }, '"state" must be one of "open", "paid", not "late"'],
  [{ id: 1, sate: 'open' }, '"sate" is not known here (known: id, state, lines)'],
  [{ id: 1, lines: [{ text: 'a' }, {}] }, '"lines[1].text" is missing'],
  ['x', 'the whole must be an object, not "x"'],
])('what is wrong with %j is told with its place', (given, fault) => {
  expect(checkArguments(invoice, given)).toEqual([fault]);
});

test('a pattern that takes for ever is left to the API', () => {
  const slow = { type: 'string', pattern: '^(a+)+$' };
  expect(checkArguments(slow, `${'a'.repeat(50)}!`)).toEqual([]);
});
