import { describe, expect, test } from 'vitest';
import { english } from '../src/text/english.ts';
import { portuguese } from '../src/text/portuguese.ts';
import { spanish } from '../src/text/spanish.ts';

const names = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted();

describe.each([
  ['Spanish', spanish],
  ['Portuguese', portuguese],
])('the %s texts', (_language, messages) => {
  test.each(Object.keys(english) as (keyof typeof english)[])(
    '%s has the values of the English text',
    (key) => {
      expect(messages[key]).not.toBe('');
      expect(names(messages[key])).toEqual(names(english[key]));
    },
  );
});
