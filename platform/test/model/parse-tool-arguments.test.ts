import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../src/domain/model/find-json-fault.ts';
import {
  parseToolArguments,
  requiredArguments,
  type ToolCallFacts,
} from '../../src/domain/model/parse-tool-arguments.ts';

const facts: ToolCallFacts = { required: [], outputCut: false };
const jsonObject = fc.dictionary(fc.string(), fc.jsonValue({ depthSize: 'small' }), {
  noNullPrototype: true,
});

function reasonOf(text: string, about = facts): string {
  const result = parseToolArguments(text, about);
  expect(result).toMatchObject({ ok: false });
  return result.ok ? '' : result.reason;
}

describe('valid arguments', () => {
  it('takes every JSON object as it is', () => {
    fc.assert(
      fc.property(jsonObject, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseToolArguments(text, facts)).toEqual({
          ok: true,
          value: JSON.parse(text),
          repaired: false,
        });
      }),
    );
  });

  it('unwraps an object that was encoded twice', () => {
    const text = JSON.stringify('{"a":1}');
    expect(parseToolArguments(text, facts)).toEqual({ ok: true, value: { a: 1 }, repaired: true });
  });
});

describe('empty arguments', () => {
  it.each(['', '  \n', 'null'])('are an empty object only when nothing is required: %j', (text) => {
    expect(parseToolArguments(text, facts)).toEqual({ ok: true, value: {}, repaired: false });
    expect(reasonOf(text, { required: ['path', 'mode'], outputCut: false })).toBe(
      'they are empty, but path, mode must be given',
    );
  });
});

describe('mending', () => {
  it.each([
    [`{'a': 'b'}`, { a: 'b' }],
    ['{"a": 1,}', { a: 1 }],
    ['{a: 1, "b": True, "c": None}', { a: 1, b: true, c: null }],
    ['```json\n{"a": "b"}\n```', { a: 'b' }],
    ['{"text": "line one\nline two"}', { text: 'line one\nline two' }],
    ['{"a": {"b": "c"}', { a: { b: 'c' } }],
    ['{"a": ["b", "c"]', { a: ['b', 'c'] }],
  ])('mends %j', (text, value) => {
    expect(parseToolArguments(text, facts)).toEqual({ ok: true, value, repaired: true });
  });

  it.each(['{"a": }', '{"a": 1 /* why */}', '{"path": "C:\\Users"}', '{"a": 1} {"b": 2}', 'add one and two'])(
    'refuses to guess at %j',
    (text) => {
      expect(reasonOf(text)).toMatch(/^they are /);
    },
  );

  it('never adds or loses a letter or digit', () => {
    const letters = (text: string): string => text.replaceAll(/\\[nrtbf]/g, '').replaceAll(/[^a-z0-9]/g, '');
    const texts = fc.string({ unit: fc.constantFrom(...Array.from(`{}[]"':,ab1 \n`)), maxLength: 24 });
    const property = fc.property(texts, (text) => {
      const result = parseToolArguments(text, facts);
      return !result.ok || letters(JSON.stringify(result.value)) === letters(text);
    });
    expect(fc.check(property, { numRuns: 3000 }).failed).toBe(false);
  });
});

describe('cut arguments', () => {
  it('are refused wherever the output limit cut them', () => {
    fc.assert(
      fc.property(jsonObject, fc.nat(), (value, seed) => {
        const text = JSON.stringify({ first: value, last: 'the end' });
        const cut = text.slice(0, 1 + (seed % (text.length - 1)));
        expect(reasonOf(cut, { required: [], outputCut: true })).toContain('cut off after');
      }),
    );
  });

  it.each(['{"amount": 12', '{"name": "Ann', '{"path":', '{"a": "b", "c"', '{"a": tr', '{"a": ["b", "c"'])(
    'are refused when a value may be incomplete: %j',
    (text) => {
      expect(reasonOf(text)).toContain(`cut off after ${text.length} characters`);
    },
  );

  it('never executes a value that is a part of the one that was meant', () => {
    const value = { amount: 12345, to: 'account 77', list: ['x', 'yz'], deep: { ok: true } };
    const text = JSON.stringify(value);
    const executed = Array.from(text, (_, end) => parseToolArguments(text.slice(0, end + 1), facts))
      .filter((result) => result.ok)
      .map((result) => Object.entries(result.value));
    expect(executed.length).toBeGreaterThan(0);
    expect(executed.flat().every(([name, part]) => isDeepStrictEqual(part, Reflect.get(value, name)))).toBe(
      true,
    );
  });
});

describe('reasons', () => {
  it.each([
    ['{"a": 1 "b": 2, x}', 'at character 8, found "\\"", expected "," or "}" after the value'],
    ['{"a" 1}', 'at character 5, found "1", expected ":" after the property name'],
    ['{"a": "\\x"}', 'at character 7, found "\\\\", expected a valid escape such as \\n or \\"'],
    ['{"a": @}', 'at character 6, found "@", expected a value'],
  ])('name the place and what was expected: %j', (text, reason) => {
    const { position = 0, expected = '' } = findJsonFault(text) ?? {};
    const words = `at character ${position}, found ${JSON.stringify(text[position])}, expected ${expected}`;
    expect(words).toBe(reason);
  });

  it('name the kind of a value that is no object', () => {
    expect(reasonOf('[1]')).toContain('they are an array');
    expect(reasonOf('"hello"')).toContain('they are a string');
  });

  it('are given for hostile nesting too', () => {
    expect(reasonOf('{"a":'.repeat(50_000))).toContain('cut off');
    expect(reasonOf(`${'['.repeat(20_000)}x${']'.repeat(20_000)}`)).toContain('levels of nesting');
  });
});

it('finds a fault exactly where JSON.parse does', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:-.e01 \\nutrlfas')), maxLength: 16 }),
      (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(findJsonFault(text) === undefined).toBe(valid);
      },
    ),
    { numRuns: 5000 },
  );
});

it('reads the required arguments of a schema', () => {
  expect(requiredArguments({ type: 'object', required: ['a', 'b'] })).toEqual(['a', 'b']);
  expect(requiredArguments({ type: 'object' })).toEqual([]);
});
