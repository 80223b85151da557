import { z } from 'zod';
import { describeIssues, issuesClause } from '../definition/describe-issue.ts';
import { nearestClause } from '../definition/nearest-word.ts';
import { schemaKeys } from '../definition/schema-keys.ts';

/** Something wrong with a part of a value. */
export interface Fault {
  path: readonly PropertyKey[];
  reason: string;
}

/**
 * A value as it was read, or the end of a sentence that begins with the setting's name. `faults`: the same for each part of the value by
 * itself.
 */
export type Read<T> = { ok: true; value: T } | { ok: false; reason: string; faults?: readonly Fault[] };

/** One value that an operator can set. */
export interface Setting<T> {
  /** Its environment variable. */
  readonly variable: string;
  /** What it is for, in one sentence. */
  readonly about: string;
  /** What it may be, in words. */
  readonly range: string;
  readonly default: T;
  /** Never shown; its variable also exists with `_FILE`. */
  readonly secret: boolean;
  /** From batuta.yaml. */
  readonly read: (value: unknown) => Read<T>;
  /** From a variable or the command line. */
  readonly readText: (text: string) => Read<T>;
}

interface Described {
  variable: string;
  about: string;
}

interface Ranged extends Described {
  default: number;
  min: number;
  max: number;
}

/** A whole number. */
export function integer(options: Ranged): Setting<number> {
  return numeric(options, { name: 'a whole number', accepts: Number.isSafeInteger });
}

/** A number. */
export function decimal(options: Ranged): Setting<number> {
  return numeric(options, { name: 'a number', accepts: Number.isFinite });
}

function numeric(
  options: Ranged,
  kind: { name: string; accepts: (value: unknown) => boolean },
): Setting<number> {
  const range = `${kind.name} from ${options.min} to ${options.max}`;
  const read = (value: unknown): Read<number> =>
    typeof value === 'number' && kind.accepts(value) && value >= options.min && value <= options.max
      ? { ok: true, value }
      : mustBe(range, value);
  const readText = (word: string): Read<number> => {
    const parsed = read(/^[+-]?\d+(?:\.\d+)?$/.test(word.trim()) ? Number(word) : Number.NaN);
    return parsed.ok ? parsed : mustBe(range, word);
  };
  return { ...options, range, secret: false, read, readText };
}

/** A text that may be absent. */
export function text(options: Described & { range: string; pattern?: RegExp }): Setting<string | undefined> {
  const read = textReader(options);
  return { ...options, default: undefined, secret: false, read, readText: read };
}

/** A text with a default. */
export function textOr(
  options: Described & { range: string; pattern?: RegExp; default: string },
): Setting<string> {
  const read = textReader(options);
  return { ...options, secret: false, read, readText: read };
}

/** A text that is never shown. A refused value is not repeated either. */
export function secret(
  options: Described & { range: string; pattern?: RegExp },
): Setting<string | undefined> {
  const read = (value: unknown): Read<string> => {
    const parsed = textReader(options)(value);
    return parsed.ok ? parsed : { ok: false, reason: `must be ${options.range}` };
  };
  return { ...options, default: undefined, secret: true, read, readText: read };
}

function textReader({ range, pattern = /\S/ }: { range: string; pattern?: RegExp }) {
  return (value: unknown): Read<string> =>
    typeof value === 'string' && pattern.test(value) ? { ok: true, value } : mustBe(range, value);
}

/** An http or https address that may be absent. */
export function address(options: Described): Setting<string | undefined> {
  return text({
    ...options,
    range: 'an address that begins with http:// or https://',
    pattern: /^https?:\/\/[^\s/]+\S*$/,
  });
}

/** One of a few words. */
export function choice<const W extends string>(
  options: Described & { words: readonly W[]; default: NoInfer<W> },
): Setting<W> {
  const range = options.words.join(' or ');
  const read = (value: unknown): Read<W> => {
    const word = options.words.find((candidate) => candidate === value);
    if (word !== undefined) return { ok: true, value: word };
    const { reason } = mustBe(range, value);
    return {
      ok: false,
      reason: reason + (typeof value === 'string' ? nearestClause(value, options.words) : ''),
    };
  };
  return { ...options, range, secret: false, read, readText: read };
}

/** A list of texts; separated by commas in a variable. */
export function list(
  options: Described & { each: string; pattern: Pick<RegExp, 'test'>; default: readonly string[] },
): Setting<readonly string[]> {
  const range = `a list of ${options.each}`;
  const read = (value: unknown): Read<readonly string[]> => {
    if (!Array.isArray(value)) return mustBe(range, value);
    const texts = value.map(String);
    const bad = texts.find((item) => !options.pattern.test(item));
    return bad === undefined ? { ok: true, value: texts } : mustBe(range, bad);
  };
  const readText = (joined: string) =>
    read(
      joined
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );
  return { ...options, range, secret: false, read, readText };
}

/** A value with parts, checked by a schema; JSON in a variable. */
export function structured<S extends z.ZodType>(
  options: Described & { range: string; schema: S; default: z.output<S> },
): Setting<z.output<S>> {
  const { schema } = options;
  const read = (value: unknown): Read<z.output<S>> => {
    const parsed = schema.safeParse(value, { reportInput: true });
    if (parsed.success) return { ok: true, value: parsed.data };
    const issues = describeIssues(parsed.error.issues, (path) => schemaKeys(schema, path));
    const reasonOf = (these: typeof issues) => `is not valid: ${issuesClause(these)}`;
    const faults = issues.map((issue) => ({ path: issue.path, reason: reasonOf([issue]) }));
    return { ok: false, reason: reasonOf(issues), faults };
  };
  const readText = (json: string): Read<z.output<S>> => {
    try {
      return read(JSON.parse(json));
    } catch {
      return { ok: false, reason: `must be JSON: ${options.range}` };
    }
  };
  return { ...options, secret: false, read, readText };
}

function mustBe(range: string, value: unknown): { ok: false; reason: string } {
  const shown = JSON.stringify(value) ?? String(value);
  return {
    ok: false,
    reason: `must be ${range}, not ${shown.length > 80 ? `${shown.slice(0, 80)}...` : shown}`,
  };
}
