import { runIdSchema } from '@batuta/contract';
import { expect, test } from 'vitest';
import { makeUuidIds } from '../../src/adapter/ids-uuid/uuid-ids.ts';

function idsAt(times: number[]) {
  let last = 0;
  const now = () => (last = times.shift() ?? last);
  return makeUuidIds({ now, monotonic: () => 0, after: () => () => undefined, sleep: async () => undefined });
}

test('ids have the form of the contract', () => {
  const id = idsAt([1_764_000_000_000]).create('run');
  expect(runIdSchema.parse(id)).toBe(id);
});

test('ids of one millisecond sort in the order they were made', () => {
  const ids = idsAt([1_764_000_000_000]);
  const made = Array.from({ length: 5000 }, () => ids.create('run'));
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});

test('ids keep growing when the clock goes back', () => {
  const ids = idsAt([2000, 1000, 1999, 2001]);
  const made = Array.from({ length: 4 }, () => ids.create('session'));
  expect(made.toSorted()).toEqual(made);
});

test('the time can be read back from the first characters', () => {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  const characters = idsAt([1_764_000_123_456]).create('run').slice(4).split('');
  const value = characters.reduce((sum, character) => sum * 32n + BigInt(alphabet.indexOf(character)), 0n);
  expect(value >> 80n).toBe(1_764_000_123_456n);
  expect((value >> 76n) & 15n).toBe(7n);
  expect((value >> 62n) & 3n).toBe(2n);
});
