import { z } from 'zod';
import { jsonValueSchema, type JsonObject, type JsonValue } from '../json.ts';
import { canonicalJson } from './canonical-json.ts';

/** What one argument must be: anything, one value, one of some values, or a number within limits. */
export const argumentMatcherSchema = z.union([
  z.strictObject({ any: z.literal(true) }),
  z.strictObject({ equals: jsonValueSchema }),
  z.strictObject({ one_of: z.array(jsonValueSchema).min(1).max(64) }),
  z.strictObject({ between: z.tuple([z.number(), z.number()]) }),
]);
/** What one argument must be. */
export type ArgumentMatcher = z.infer<typeof argumentMatcherSchema>;

const longestPattern = 16_384;

/**
 * Which calls of one tool are meant, by their arguments. It is closed: an argument that the pattern does not name must be absent, so
 * that nothing can be smuggled past it. A named one may be absent only where anything is allowed.
 */
export const argumentPatternSchema = z
  .record(z.string().min(1).max(128), argumentMatcherSchema)
  .refine((pattern) => Object.keys(pattern).length <= 64, 'must name at most 64 arguments')
  .refine(
    (pattern) => JSON.stringify(pattern).length <= longestPattern,
    `must be at most ${longestPattern} characters of JSON`,
  );
/** Which calls of one tool are meant, by their arguments. */
export type ArgumentPattern = z.infer<typeof argumentPatternSchema>;

/** The pattern that only equal calls match. */
export function exactPattern(input: JsonObject): ArgumentPattern {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, { equals: value }]));
}

/** Whether a call with these arguments is one of those that the pattern means. Pure; never throws. */
export function matchesPattern(pattern: ArgumentPattern, input: JsonValue): boolean {
  return patternMismatch(pattern, input) === undefined;
}

/** The first argument by which a call is not one of those that the pattern means; undefined when it is one. */
export function patternMismatch(pattern: ArgumentPattern, input: JsonValue): string | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return 'the whole';
  const unnamed = Object.keys(input).find((name) => !Object.hasOwn(pattern, name));
  if (unnamed !== undefined) return unnamed;
  return Object.entries(pattern).find(([name, matcher]) => {
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    return !fits(matcher, value);
  })?.[0];
}

function fits(matcher: ArgumentMatcher, value: JsonValue | undefined): boolean {
  if ('any' in matcher) return true;
  if (value === undefined) return false;
  if ('between' in matcher) {
    const [least, most] = matcher.between;
    return typeof value === 'number' && value >= least && value <= most;
  }
  const text = canonicalJson(value);
  const allowed = 'equals' in matcher ? [matcher.equals] : matcher.one_of;
  return allowed.some((each) => canonicalJson(each) === text);
}
