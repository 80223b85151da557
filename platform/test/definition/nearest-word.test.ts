import { expect, test } from 'vitest';
import { nearestWord } from '../../src/domain/definition/nearest-word.ts';

const words = ['http_fetch', 'calculator', 'current_time', 'ask_user'];

test.each([
  ['http_fecth', 'http_fetch'],
  ['HTTP-fetch', 'http_fetch'],
  ['calculater', 'calculator'],
  ['curent_time', 'current_time'],
  ['askuser', 'ask_user'],
])('%s is near %s', (word, expected) => {
  expect(nearestWord(word, words)).toBe(expected);
});

test.each(['shell', 'x', '', 'browser'])('%j is near nothing', (word) => {
  expect(nearestWord(word, words)).toBeUndefined();
});

test('two exchanged letters are one change', () => {
  expect(nearestWord('ab', ['ba', 'cc'])).toBe('ba');
});
