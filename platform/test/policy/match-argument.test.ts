import type { JsonValue, PolicyRule, RuleArgument } from '@batuta/contract';
import { describe, expect, it } from 'vitest';
import { compileGlob, matchesGlob, matchesWildcard } from '../../src/domain/policy/match-glob.ts';
import { compileTimeWindow } from '../../src/domain/policy/match-time.ts';
import { effectOf, kinds, toolOf } from './policy-kit.ts';

function allows(name: string, argument: RuleArgument, input: JsonValue): string {
  return effectOf([{ allow: 'refund', arguments: { [name]: argument } }], input);
}

function denies(name: string, argument: RuleArgument, input: JsonValue): string {
  return effectOf([{ allow: 'refund' }, { deny: 'refund', arguments: { [name]: argument } }], input);
}

describe('an argument that must be', () => {
  it.each<[RuleArgument, JsonValue, string, string]>([
    [{ equals: 'EUR' }, 'EUR', 'allow', 'deny'],
    [{ equals: 'EUR' }, 'eur', 'ask', 'deny'],
    [{ equals: 'EUR' }, 'E\u200bUR', 'ask', 'deny'],
    [{ equals: 'EUR' }, '\uff25\uff35\uff32', 'ask', 'deny'],
    [{ equals: 'EUR' }, 'USD', 'ask', 'allow'],
    [{ equals: 7 }, '7', 'ask', 'deny'],
    [{ equals: true }, true, 'allow', 'deny'],
    [{ equals: null }, null, 'allow', 'deny'],
    [{ one_of: ['EUR', 'USD'] }, ['EUR', 'USD'], 'allow', 'deny'],
    [{ one_of: ['EUR', 'USD'] }, ['EUR', 'GBP'], 'ask', 'deny'],
    [{ one_of: ['EUR'] }, { currency: 'EUR' }, 'ask', 'deny'],
    [{ at_most: 100 }, 100, 'allow', 'deny'],
    [{ at_most: 100 }, 100.01, 'ask', 'allow'],
    [{ at_most: 100 }, -5, 'allow', 'deny'],
    [{ at_least: 0, at_most: 100 }, -5, 'ask', 'allow'],
    [{ at_least: 1000 }, '5000', 'ask', 'deny'],
    [{ at_least: 1000 }, 'a lot', 'ask', 'deny'],
    [
      {
        schema: {
          type: 'object',
          required: ['a'],
          additionalProperties: false,
          properties: { a: { type: 'integer' } },
        },
      },
      { a: 1 },
      'allow',
      'deny',
    ],
    [{ schema: { type: 'string', pattern: '^ord_[0-9]+$' } }, 'ord_12', 'allow', 'deny'],
    [{ schema: { type: 'string', pattern: '^ord_[0-9]+$' } }, 'ord_x', 'ask', 'allow'],
  ])('%j: %j', (...[argument, value, allowed, denied]) => {
    expect(allows('x', argument, { x: value })).toBe(allowed);
    expect(denies('x', argument, { x: value })).toBe(denied);
  });
});

describe('an argument', () => {
  it('inside others is named by a pointer, through lists', () => {
    const most = { at_most: 100 };
    expect(allows('/order/cents', most, { order: { cents: 50 } })).toBe('allow');
    expect(allows('/order/cents', most, { order: { cents: 500 } })).toBe('ask');
    expect(denies('/orders/cents', { at_least: 100 }, { orders: [{ cents: 1 }, { cents: 500 }] })).toBe(
      'deny',
    );
    expect(allows('/a~1b/0', { equals: 'x' }, { 'a/b': ['x', 'y'] })).toBe('allow');
  });

  it('hidden in a text of JSON is not allowed, and is denied', () => {
    expect(allows('/order/cents', { at_most: 100 }, { order: '{"cents":1}' })).toBe('ask');
    expect(denies('/order/cents', { at_least: 100 }, { order: '{"cents":500}' })).toBe('deny');
  });

  it('that is missing is not allowed, nor denied, unless the tool has a default for it', () => {
    expect(allows('x', { equals: 'a' }, {})).toBe('ask');
    expect(denies('x', { equals: 'a' }, {})).toBe('allow');
    const inputSchema = { type: 'object', properties: { x: { type: 'string', default: 'a' } } };
    const tool = toolOf('refund', kinds.effect, { inputSchema });
    const rules: PolicyRule[] = [{ allow: '*' }, { deny: '*', arguments: { x: { equals: 'a' } } }];
    expect(effectOf(rules, {}, { tool })).toBe('deny');
  });

  it('of an object is its own: what every object inherits is none', () => {
    expect(allows('constructor', { schema: {} }, {})).toBe('ask');
    expect(denies('__proto__', { equals: 'x' }, JSON.parse('{"__proto__":"x"}') as JsonValue)).toBe('deny');
  });
});

describe('a pattern', () => {
  it.each([
    ['a/**', 'a/b/c', true],
    ['a/**', 'a', true],
    ['**/c', 'a/b/c', true],
    ['**/c', 'c', true],
    ['a/*/c', 'a/b/c', true],
    ['a/*/c', 'a/b/b/c', false],
    ['*.txt', '.txt', true],
    ['?.txt', 'ab.txt', false],
    ['a/**/b/**/c', 'a/x/b/y/z/c', true],
    ['a/**/b/**/c', 'a/x/y/z/c', false],
  ])('%s: %s', (...[pattern, path, fits]) => {
    expect(matchesGlob(compileGlob(pattern), path.split('/'))).toBe(fits);
  });

  it('cannot be made slow', () => {
    const began = performance.now();
    expect(matchesWildcard(`${'*a'.repeat(60)}b`, 'a'.repeat(4_000))).toBe(false);
    expect(
      matchesGlob(
        compileGlob(`${'**/a/'.repeat(50)}b`),
        Array.from({ length: 2_000 }, () => 'a'),
      ),
    ).toBe(false);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('a time window', () => {
  const at = (time: string) => Date.parse(time);

  it.each([
    ['2026-11-20T10:00:00Z', true],
    ['2026-11-20T08:59:00+01:00', false],
    ['2026-11-20T09:00:00+01:00', true],
    ['2026-11-20T17:00:00+01:00', false],
    ['2026-11-21T10:00:00Z', false],
  ])('on weekdays from 9 to 17 in Madrid: %s', (time, inside) => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
    const window = { days: [...days], from: '09:00', until: '17:00', zone: 'Europe/Madrid' };
    expect(compileTimeWindow(window)(at(time))).toBe(inside);
  });

  it('over midnight belongs to the day on which it begins', () => {
    const isInside = compileTimeWindow({ days: ['fri'], from: '22:00', until: '06:00', zone: 'UTC' });
    expect(isInside(at('2026-11-20T23:00:00Z'))).toBe(true);
    expect(isInside(at('2026-11-21T05:59:00Z'))).toBe(true);
    expect(isInside(at('2026-11-21T23:00:00Z'))).toBe(false);
    expect(isInside(at('2026-11-20T05:00:00Z'))).toBe(false);
  });

  it('is a condition of a rule', () => {
    const rules: PolicyRule[] = [{ allow: 'refund', time: { from: '09:00', until: '12:00', zone: 'UTC' } }];
    expect(effectOf(rules)).toBe('allow');
    expect(effectOf(rules, {}, { now: at('2026-11-21T12:00:00Z') })).toBe('ask');
  });
});
