import { describe, expect, test } from 'vitest';
import { english } from '../src/text/english.ts';
import { commandOf, translateWith } from '../src/text/language.ts';
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

describe('commands in texts', () => {
  test('are written as they are typed in a clone of the repository', () => {
    const say = translateWith(english, commandOf({ npm_package_name: 'batuta-repository' }));
    const talk = 'Talk to an agent:  npm run -s batuta -- chat batuta x';
    expect(say('start.talk', { agent: 'batuta x' })).toBe(talk);
    expect(say('usage.seeHelp', { help: '--help' })).toBe('See: npm run -s batuta -- --help');
    expect(say('start.already', { url: 'U' })).toBe('Batuta runs already at U.');
  });

  test('are written as they are typed where the package is installed', () => {
    const say = translateWith(english, commandOf({ npm_package_name: 'my-agents' }));
    expect(say('start.talk', { agent: 'a' })).toBe('Talk to an agent:  batuta chat a');
  });
});
