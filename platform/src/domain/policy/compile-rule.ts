import type { PolicyEffect, PolicyRule, Role, TaintLabel } from '@batuta/contract';
import { matchesReference, kindOf } from '../tool/tool-reference.ts';
import type { CallFacts, Certainty, RuleReference } from './call-facts.ts';
import { allOf, sure } from './certainty.ts';
import { compileMatcher, projectRoot } from './compile-matcher.ts';
import { needsAddresses } from './match-host.ts';
import { compileTimeWindow } from './match-time.ts';
import { argumentSteps } from './read-argument.ts';

/** A rule and where it stands. */
export interface PlacedRule {
  rule: PolicyRule;
  source: 'tenant' | 'project' | 'team' | 'agent';
  file: string | null;
  line: number | null;
}

/** What must be found out about an argument before a rule can be judged. */
export interface ResolutionNeed {
  kind: 'path' | 'host';
  steps: readonly string[];
  /** Folder that paths start from. */
  root: string;
}

/** A rule made ready to be judged often. */
export interface CompiledRule {
  effect: PolicyEffect;
  pattern: string;
  reference: RuleReference;
  reason: string | null;
  approver: Role | null;
  /** Labels that do not keep an `allow` from letting something out. */
  lifts: readonly TaintLabel[];
  /** No condition narrows it: it holds for every call of its tools. */
  isUnconditional: boolean;
  needs: readonly ResolutionNeed[];
  /** Whether its conditions hold for a call. A rule that restricts also binds where that is unclear. */
  holds(facts: CallFacts): boolean;
}

/** Makes a rule ready. Contract: the rule was checked, so nothing in it is malformed. */
export function compileRule({ rule, source, file, line }: PlacedRule): CompiledRule {
  const { effect, pattern } = headOf(rule);
  const restricts = effect !== 'allow';
  const conditions = conditionsOf(rule, restricts);
  return {
    effect,
    pattern,
    reference: { source, name: `${effect}: ${pattern}`, file, line },
    reason: rule.reason ?? null,
    approver: 'approver' in rule ? (rule.approver ?? null) : null,
    lifts: restricts ? [] : (rule.taint ?? []),
    isUnconditional: conditions.length === 0,
    needs: needsOf(rule),
    holds: (facts) => {
      if (conditions.length === 0) return true;
      const certainty = allOf(certainties(conditions, facts));
      return certainty === 'yes' || (restricts && certainty === 'unclear');
    },
  };
}

/** What a rule does, and about which tools. */
export function headOf(rule: PolicyRule): { effect: PolicyEffect; pattern: string } {
  if ('allow' in rule) return { effect: 'allow', pattern: rule.allow };
  return 'ask' in rule ? { effect: 'ask', pattern: rule.ask } : { effect: 'deny', pattern: rule.deny };
}

/** Whether a rule's pattern covers a tool. A bare `*` takes tools wherever they come from, but not agents. */
export function coversTool(pattern: string, reference: string): boolean {
  if (pattern === '*') return kindOf(reference) !== 'agent';
  return matchesReference(pattern, reference);
}

type Condition = (facts: CallFacts) => Certainty;

/** Lazily, so that what costs most is not asked where something cheaper has decided. */
function* certainties(conditions: readonly Condition[], facts: CallFacts): Iterable<Certainty> {
  for (const condition of conditions) yield condition(facts);
}

function conditionsOf(rule: PolicyRule, restricts: boolean): Condition[] {
  const { roles, taint, time } = rule;
  const conditions: Condition[] = [];
  if (roles) conditions.push(({ role }) => (role === null ? 'unclear' : sure(roles.includes(role))));
  if (taint && restricts)
    conditions.push((facts) => sure(taint.every((label) => facts.taint.includes(label))));
  if (time) {
    const isInside = compileTimeWindow(time);
    conditions.push(({ now }) => sure(isInside(now)));
  }
  for (const [name, matcher] of Object.entries(rule.arguments ?? {})) {
    conditions.push(compileMatcher(name, matcher, restricts));
  }
  return conditions;
}

function needsOf(rule: PolicyRule): ResolutionNeed[] {
  return Object.entries(rule.arguments ?? {}).flatMap(([name, { paths, hosts, root = projectRoot }]) => {
    const steps = argumentSteps(name);
    const needs: ResolutionNeed[] = [];
    if (paths) needs.push({ kind: 'path', steps, root });
    if (hosts && needsAddresses(hosts)) needs.push({ kind: 'host', steps, root });
    return needs;
  });
}
