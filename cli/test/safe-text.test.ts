import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SafeText, safeLine, safeText } from '../src/terminal/safe-text.ts';

describe('safe text', () => {
  test.each([
    ['colours', '\u001B[31mred\u001B[0m', 'red'],
    ['a title', '\u001B]0;owned\u0007text', 'text'],
    ['a hyperlink', '\u001B]8;;http://evil\u001B\\click\u001B]8;;\u001B\\', 'click'],
    ['a clipboard write', '\u001B]52;c;ZXZpbA==\u0007text', 'text'],
    ['a device control string', '\u001BPq#0;2\u001B\\text', 'text'],
    ['8-bit forms', '\u009B31mred \u009D0;title\u009Ctext', 'red text'],
    ['carriage return and backspace', 'safe\rrm\b\b', 'saferm'],
    ['marks that reorder text', 'a\u202Eb\u2066c', 'abc'],
    ['a bell', 'ding\u0007', 'ding'],
  ])('takes out %s', (_name, text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  test('keeps newlines, tabs, wide characters and emoji', () => {
    expect(safeText('a\tb\n日本語 👩‍👩‍👧 ñ')).toBe('a\tb\n日本語 👩‍👩‍👧 ñ');
  });

  test('recognises a sequence that is cut at any place', () => {
    const text = 'one\u001B[38;5;196mtwo\u001B]0;title\u0007three';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const safe = new SafeText();
      expect(safe.push(text.slice(0, cut)) + safe.push(text.slice(cut))).toBe('onetwothree');
    }
  });

  test('an unfinished sequence does not hide the next line', () => {
    expect(safeText('\u001B]0;never ends\nshown')).toBe('\nshown');
    expect(safeText('\u001B[12\nshown')).toBe('\nshown');
  });

  test('an unfinished string does not hide more than 4,096 characters', () => {
    expect(safeText(`\u001B]${'x'.repeat(4096)}shown`)).toBe('shown');
  });

  test('no text leaves a control character but newline and tab', () => {
    expect.hasAssertions();
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('\u001B', '\u001B[', '\u009D', '\u0007', 'm'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const safe = new SafeText();
        const shown = pieces.map((text) => safe.push(text)).join('');
        expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/\p{Control}/u);
      }),
    );
  });

  test('a line has no newline', () => {
    expect(safeLine('  one\n\ttwo  ')).toBe('one two');
  });
});
