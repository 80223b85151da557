import {
  exactJson,
  exactPattern,
  type Approval,
  type ArgumentMatcher,
  type ArgumentPattern,
  type JsonObject,
} from '@batuta/contract';
import type { Translate } from '../text/language.ts';
import { readArguments } from './read-arguments.ts';

/** The arguments that a call would run with: those that a person put in, or the model's. */
export function inputOf(approval: Approval, edited: JsonObject | undefined): JsonObject {
  if (edited !== undefined) return edited;
  const parsed = readArguments(approval.arguments);
  return parsed.ok ? parsed.value : {};
}

/**
 * The pattern of calls like this one: all arguments as they are, except those that may be anything. A name that the call does not have is
 * given back instead: a pattern that allows more than was meant must not come of a slip.
 */
export function widenedPattern(
  input: JsonObject,
  free: readonly string[],
): { pattern: ArgumentPattern } | { unknown: string } {
  const unknown = free.find((name) => !Object.hasOwn(input, name));
  if (unknown !== undefined) return { unknown };
  const widened = free.map((name) => [name, { any: true } as const]);
  return { pattern: { ...exactPattern(input), ...Object.fromEntries(widened) } };
}

/** Names separated by commas. */
export function readNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** A pattern for people: one argument a line, exactly. */
export function describePattern(pattern: ArgumentPattern, say: Translate): string[] {
  const lines = Object.entries(pattern).map(
    ([name, matcher]) => `  ${exactJson(name).slice(1, -1)}: ${describeMatcher(matcher, say)}`,
  );
  return lines.length === 0 ? [`  ${say('pattern.none')}`] : lines;
}

function describeMatcher(matcher: ArgumentMatcher, say: Translate): string {
  if ('any' in matcher) return say('pattern.any');
  if ('equals' in matcher) return exactJson(matcher.equals);
  if ('one_of' in matcher) return matcher.one_of.map((value) => exactJson(value)).join(' | ');
  const [least, most] = matcher.between;
  return say('pattern.between', { least, most });
}
