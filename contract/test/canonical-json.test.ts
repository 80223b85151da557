import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/approval/canonical-json.ts';
import { exactJson } from '../src/approval/exact-json.ts';
import type { JsonValue } from '../src/json.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;

/** The same value with the members of its objects in another order. */
function shuffled(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, shuffled(each)] as const)
      .toReversed(),
  );
}

describe('canonical JSON', () => {
  it.each<[string, JsonValue, string]>([
    // From RFC 8785, sections 3.2.2 and 3.2.3.
    [
      'numbers and strings',
      JSON.parse(
        '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
      ),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      'the order of names by UTF-16 code units',
      JSON.parse('{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}'),
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    ],
    ['zero, whatever its sign', [0, -0], '[0,0]'],
    [
      'a number beyond every double, which is not null',
      JSON.parse('[1e400,-1e400,null]'),
      '[1e999,-1e999,null]',
    ],
    ['half of a pair of surrogates', ['\ud800'], '["\\ud800"]'],
    ['a member named like a part of the language', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ])('has one text for %s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('is the same for equal values, however they were written', () => {
    fc.assert(
      fc.property(json, (value) => {
        const spaced: JsonValue = JSON.parse(JSON.stringify(shuffled(value), null, 3));
        expect(canonicalJson(spaced)).toBe(canonicalJson(value));
      }),
    );
  });

  it('is another for any other value', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const isSame = canonicalJson(a) === canonicalJson(b);
        expect(isSame).toBe(JSON.stringify(sortedCopy(a)) === JSON.stringify(sortedCopy(b)));
      }),
    );
  });

  it('takes what is nested deeper than calls can be', () => {
    const depth = 100_000;
    let value: JsonValue = 1;
    for (let level = 0; level < depth; level += 1) value = [value];
    expect(canonicalJson(value)).toHaveLength(2 * depth + 1);
  });

  it('is read back as the value', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

/** An independent way to compare: a list of pairs in the order of their names for each object. */
function sortedCopy(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(sortedCopy);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).toSorted();
  return { pairs: names.map((name) => [name, sortedCopy(value[name] ?? null)]) };
}

describe('exact JSON', () => {
  it('is JSON of the same value, on one line or on several', () => {
    const anything = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(anything, fc.constantFrom(0, 2), (value, indent) => {
        expect(canonicalJson(JSON.parse(exactJson(value, indent)))).toBe(canonicalJson(value));
      }),
    );
  });

  it.each([
    ['a mark that turns the direction of text', 'exe.\u202Egnp', '"exe.\\u202egnp"'],
    ['an escape sequence', '\u001B[2J', '"\\u001b[2J"'],
    ['a control character of 8 bits', '\u009B2J', '"\\u009b2J"'],
    ['a space without width', 'pay\u200Bpal', '"pay\\u200bpal"'],
    ['a tag', 'a\u{E0041}', '"a\\udb40\\udc41"'],
    ['a space that does not break', 'a\u00A0b', '"a\\u00a0b"'],
  ])('shows %s as its escape', (_, value, shown) => {
    expect(exactJson(value)).toBe(shown);
  });

  it('leaves other languages as they are', () => {
    expect(exactJson('¿Señor? ação 你好 привет')).toBe('"¿Señor? ação 你好 привет"');
  });

  it('spreads over lines what has parts', () => {
    expect(exactJson({ b: [1, { c: '{,:' }], a: {} }, 2)).toBe(
      '{\n  "a": {},\n  "b": [\n    1,\n    {\n      "c": "{,:"\n    }\n  ]\n}',
    );
  });
});
