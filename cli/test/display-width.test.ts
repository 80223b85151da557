import { describe, expect, test } from 'vitest';
import { advance } from '../src/terminal/cursor.ts';
import { displayWidth, pad, shorten } from '../src/terminal/display-width.ts';

describe('display width', () => {
  test.each([
    ['plain', 5],
    ['日本', 4],
    ['ｶ', 1],
    ['한국어', 6],
    ['👩‍👩‍👧', 2],
    ['🇧🇷', 2],
    ['e\u0301', 1],
    ['ñandú', 5],
    ['✓ ok', 4],
  ])('of %s is %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('cutting never splits a wide character', () => {
    expect(shorten('日本語テキスト', 6)).toBe('日本…');
    expect(displayWidth(shorten('日本語テキスト', 6))).toBeLessThanOrEqual(6);
    expect(shorten('short', 5)).toBe('short');
  });

  test('padding counts columns', () => {
    expect(pad('日', 4)).toBe('日  ');
  });
});

describe('cursor', () => {
  test('stays behind the last column until the next character', () => {
    expect(advance({ row: 0, column: 0 }, 'x'.repeat(10), 10)).toEqual({ row: 0, column: 10 });
    expect(advance({ row: 0, column: 0 }, 'x'.repeat(11), 10)).toEqual({ row: 1, column: 1 });
  });

  test('a wide character that does not fit goes to the next row', () => {
    expect(advance({ row: 0, column: 9 }, '日', 10)).toEqual({ row: 1, column: 2 });
  });

  test('newlines and tabs move it', () => {
    expect(advance({ row: 0, column: 3 }, 'a\n\tb', 80)).toEqual({ row: 1, column: 9 });
  });
});
