import type { RuleArgument, JsonValue } from '@batuta/contract';
import { z } from 'zod';
import type { CallFacts, Certainty } from './call-facts.ts';
import { allOf, anyOf, sure } from './certainty.ts';
import { foldText } from './fold-text.ts';
import { compileCommands } from './match-command.ts';
import { compileHosts, hostOf, writtenHost } from './match-host.ts';
import { compilePaths, isPlainPath, pathKey } from './match-path.ts';
import { argumentSteps, readArgument } from './read-argument.ts';

/** Tests one value of an argument. */
type ValueTest = (value: JsonValue, facts: CallFacts) => Certainty;

/** Folder that paths start from where a rule names none: the project's. */
export const projectRoot = '.';

/** Makes the test of one argument. */
export function compileMatcher(
  name: string,
  matcher: RuleArgument,
  restricts: boolean,
): (facts: CallFacts) => Certainty {
  const steps = argumentSteps(name);
  const whole = wholeTests(matcher, restricts);
  const single = singleTests(matcher, restricts);
  const test = (value: JsonValue, facts: CallFacts) =>
    allOf([
      ...whole.map((each) => each(value, facts)),
      ...single.map((each) => overItems(value, restricts, (item) => each(item, facts))),
    ]);
  return (facts) => {
    if (facts.hop && matcher.hosts) return test(facts.hop.url.href, facts);
    const found = readArgument(steps, { input: facts.input, schema: facts.tool.inputSchema });
    if (found.kind === 'absent') return 'no';
    if (found.kind === 'hidden') return 'unclear';
    return combine(
      found.values.map((value) => test(value, facts)),
      restricts,
    );
  };
}

/** What allows must hold for all; what restricts holds when it does for one. */
function combine(parts: readonly Certainty[], restricts: boolean): Certainty {
  if (parts.length === 0) return 'no';
  return restricts ? anyOf(parts) : allOf(parts);
}

function overItems(value: JsonValue, restricts: boolean, test: (item: JsonValue) => Certainty): Certainty {
  return Array.isArray(value) ? combine(value.map(test), restricts) : test(value);
}

/** Tests that look at a list as a whole. */
function wholeTests({ schema, commands }: RuleArgument, restricts: boolean): ValueTest[] {
  const tests: ValueTest[] = [];
  if (commands) tests.push(compileCommands(commands, restricts));
  if (schema) {
    const accepts = z.fromJSONSchema(schema);
    tests.push((value) => sure(accepts.safeParse(value).success));
  }
  return tests;
}

/** Tests that look at each item of a list. */
function singleTests(matcher: RuleArgument, restricts: boolean): ValueTest[] {
  const tests: ValueTest[] = [];
  if (matcher.equals !== undefined) tests.push(oneOf([matcher.equals], restricts));
  if (matcher.one_of) tests.push(oneOf(matcher.one_of, restricts));
  if (matcher.at_least !== undefined || matcher.at_most !== undefined) tests.push(range(matcher, restricts));
  if (matcher.paths) tests.push(paths(matcher.paths, matcher.root ?? projectRoot, restricts));
  if (matcher.hosts) tests.push(hosts(matcher.hosts, restricts));
  return tests;
}

type Scalar = string | number | boolean | null;

/** Rules that restrict also hold for what a careless reader takes for the same text, and for numbers in quotation marks. */
function oneOf(wanted: readonly Scalar[], restricts: boolean): ValueTest {
  if (!restricts) return (value) => sure(wanted.some((each) => each === value));
  const folded = new Set(wanted.map((each) => foldText(String(each))));
  return (value) =>
    typeof value === 'object' && value !== null ? 'unclear' : sure(folded.has(foldText(String(value))));
}

function range({ at_least: least, at_most: most }: RuleArgument, restricts: boolean): ValueTest {
  return (value) => {
    const number = restricts && typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || Number.isNaN(number)) return restricts ? 'unclear' : 'no';
    return sure(number >= (least ?? -Infinity) && number <= (most ?? Infinity));
  };
}

function paths(patterns: readonly string[], root: string, restricts: boolean): ValueTest {
  const test = compilePaths(patterns, restricts);
  return (value, { resolved }) => {
    if (typeof value !== 'string' || !isPlainPath(value)) return 'unclear';
    return test(value, resolved.paths.get(pathKey(value, root)));
  };
}

function hosts(patterns: readonly string[], restricts: boolean): ValueTest {
  const test = compileHosts(patterns, restricts);
  return (value, { resolved, hop }) => {
    const host = hop ? hostOf(hop.url) : typeof value === 'string' ? writtenHost(value) : undefined;
    if (host === undefined) return 'unclear';
    const certainty = test(host, hop ? hop.addresses : resolved.hosts.get(host.name));
    if (certainty !== 'unclear' || !(resolved.hostsLater || (hop && !hop.addresses))) return certainty;
    // Judged once more when the addresses are known; until then nothing is held against the call for its addresses.
    return restricts ? 'no' : 'yes';
  };
}
