import * as fc from 'fast-check';
import { createQuerySerializer, defaultPathSerializer } from 'openapi-fetch';
import { expect, test } from 'vitest';
import type { ParameterStyle } from '../../src/adapter/openapi/document/operation.ts';
import { encodePairs, encodeSimple, percentEncode } from '../../src/adapter/openapi/request/encode-value.ts';

/** What another library encodes, in the same spelling: some characters may be sent as they are or encoded. */
function respelled(text: string): string {
  return text.replaceAll(
    /[!'()*|[\]]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const word = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' });
const key = fc.stringMatching(/^[a-z]{1,6}$/);
const scalar = fc.oneof(word, fc.integer(), fc.boolean());
const value = fc.oneof(
  scalar,
  fc.array(scalar, { minLength: 1, maxLength: 4 }),
  fc.dictionary(key, scalar, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
);

const arrayStyles = ['form', 'spaceDelimited', 'pipeDelimited'] as const;
const objectStyles = ['form', 'deepObject'] as const;

test('queries are what openapi-fetch makes of the same values', () => {
  const query = fc.record({
    array: fc.constantFrom(...arrayStyles),
    object: fc.constantFrom(...objectStyles),
    explode: fc.boolean(),
    value,
  });
  fc.assert(
    fc.property(query, ({ array, object, explode, value: told }) => {
      const style: ParameterStyle = Array.isArray(told) ? array : object;
      const serialize = createQuerySerializer({
        array: { style: array, explode },
        object: { style: object, explode },
      });
      const pairs = encodePairs('color', told, { style, explode, allowReserved: false });
      expect(pairs.map((pair) => pair.join('=')).join('&')).toBe(respelled(serialize({ color: told })));
    }),
    { numRuns: 1_000 },
  );
});

test('paths are what openapi-fetch makes of the same values', () => {
  const variable = fc.record({
    style: fc.constantFrom('simple', 'label', 'matrix'),
    explode: fc.boolean(),
    value,
  });
  const sign = { simple: '', label: '.', matrix: ';' };
  fc.assert(
    fc.property(variable, ({ style, explode, value: told }) => {
      const template = `{${sign[style]}color${explode ? '*' : ''}}`;
      const own = encodeSimple({ name: 'color', style, explode }, told, percentEncode);
      expect(own).toBe(respelled(defaultPathSerializer(template, { color: told })));
    }),
    { numRuns: 1_000 },
  );
});
