import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  argumentPatternSchema,
  exactPattern,
  matchesPattern,
  patternMismatch,
  type ArgumentPattern,
} from '../src/approval/argument-pattern.ts';
import { canonicalJson } from '../src/approval/canonical-json.ts';
import type { JsonObject, JsonValue } from '../src/json.ts';

const input = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue()) as fc.Arbitrary<JsonObject>;

describe('a pattern of arguments', () => {
  it.each<[string, ArgumentPattern, JsonValue, string | undefined]>([
    ['covers equal arguments', { a: { equals: { x: 1, y: 2 } } }, { a: { y: 2, x: 1 } }, undefined],
    ['covers no other value', { a: { equals: 1 } }, { a: 2 }, 'a'],
    ['tells a number from its text', { a: { equals: 1 } }, { a: '1' }, 'a'],
    ['covers one of some values', { a: { one_of: ['x', 'y'] } }, { a: 'y' }, undefined],
    ['covers none beside them', { a: { one_of: ['x', 'y'] } }, { a: 'z' }, 'a'],
    ['covers a number within limits', { a: { between: [0, 10] } }, { a: 10 }, undefined],
    ['covers none above', { a: { between: [0, 10] } }, { a: 10.5 }, 'a'],
    ['covers none below', { a: { between: [0, 10] } }, { a: -1 }, 'a'],
    ['takes no text for a number', { a: { between: [0, 10] } }, { a: '5' }, 'a'],
    ['covers anything where it says so', { a: { any: true } }, { a: [1, {}] }, undefined],
    ['covers nothing at all where it says so', { a: { any: true } }, {}, undefined],
    ['misses an argument that is not there', { a: { equals: null } }, {}, 'a'],
    ['is closed to arguments that it does not name', { a: { any: true } }, { a: 1, bcc: 'x' }, 'bcc'],
    ['is not fooled by inherited names', {}, JSON.parse('{"__proto__":{"a":1}}'), '__proto__'],
    ['covers no list', { 0: { any: true } }, [1], 'the whole'],
  ])('%s', (...[, pattern, value, mismatch]) => {
    expect(patternMismatch(pattern, value)).toBe(mismatch);
    expect(matchesPattern(pattern, value)).toBe(mismatch === undefined);
  });

  it('made of a call covers that call and no other', () => {
    fc.assert(
      fc.property(input, input, (call, other) => {
        expect(matchesPattern(exactPattern(call), call)).toBe(true);
        expect(matchesPattern(exactPattern(call), other)).toBe(canonicalJson(call) === canonicalJson(other));
      }),
    );
  });

  it.each([
    ['an unknown word', { a: { like: 'x*' } }],
    ['two words at once', { a: { any: true, equals: 1 } }],
    ['limits that are no numbers', { a: { between: ['0', 1] } }],
    [
      'too many arguments',
      Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`a${n}`, { any: true }])),
    ],
    ['too much text', { a: { equals: 'x'.repeat(20_000) } }],
  ])('is refused with %s', (_, pattern) => {
    expect(argumentPatternSchema.safeParse(pattern).success).toBe(false);
  });
});
