import { roles, taintLabels, type PolicyEffect, type Role } from '@batuta/contract';
import { defaultRules, leavingRule } from './built-in-rules.ts';
import type { CallFacts, Verdict } from './call-facts.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import type { CompiledRule } from './compile-rule.ts';
import { defaultVerdict } from './default-verdict.ts';
import { isTypedRead } from './typed-addresses.ts';

/** What the rules say about a call, and all rules that hold for it. */
export interface Judgement {
  verdict: Verdict;
  holding: readonly CompiledRule[];
}

/**
 * What the rules in force say about one call. Pure.
 *
 * 1. Of all rules that hold the most restrictive one wins, whatever its source: deny, then ask, then allow.
 * 2. Where none holds, the defaults decide; but a tool that rules allow under conditions is asked about otherwise.
 * 3. Ordinary effects of tools that a skill uses, and that no rule is about, are not asked about.
 * 4. What would then run is stopped once more when it reaches outside from a context that holds untrusted and private things, unless
 *    an `allow` says so, or the call does nothing but read an address that the person wrote.
 */
export function judgeCall(policy: CompiledPolicy, facts: CallFacts): Judgement {
  const holding = policy.of(facts.tool).rules.filter((rule) => rule.holds(facts));
  const verdict = strictest(holding) ?? unlessAllowed(policy, facts, byDefault(policy, facts));
  const leaves = facts.hop ? undefined : leaving(policy, facts, holding);
  return { verdict: leaves && rank[leaves.effect] > rank[verdict.effect] ? leaves : verdict, holding };
}

/** A skill can speak for effects only: never for what may destroy, for what nobody has declared, or for long texts that would leave. */
function byDefault(policy: CompiledPolicy, facts: CallFacts): Verdict {
  const verdict = defaultVerdict(facts);
  const { preApproval } = policy.of(facts.tool);
  if (preApproval === null || verdict.rule !== defaultRules.effects.rule) return verdict;
  const reason = `the skill is part of the agent and uses ${facts.tool.name}`;
  return { effect: 'allow', rule: preApproval, reason, approver: null };
}

/** Who writes `allow` with conditions does not mean that everything else may run, too. */
function unlessAllowed(policy: CompiledPolicy, { tool }: CallFacts, verdict: Verdict): Verdict {
  const isAllowedElsewhere = policy.of(tool).rules.some(({ effect }) => effect === 'allow');
  if (!isAllowedElsewhere || verdict.effect !== 'allow') return verdict;
  const reason = `rules allow ${tool.name} under conditions that this call does not meet`;
  return { ...defaultRules.otherwise, reason, approver: null };
}

const rank: Readonly<Record<PolicyEffect, number>> = { allow: 0, ask: 1, deny: 2 };

function strictest(holding: readonly CompiledRule[]): Verdict | undefined {
  const [first] = ofEffect(holding, 'deny');
  if (first) return { effect: 'deny', rule: first.reference, reason: reasonOf(first), approver: null };
  const asking = ofEffect(holding, 'ask');
  const [asks] = asking;
  if (asks) {
    return { effect: 'ask', rule: asks.reference, reason: reasonOf(asks), approver: mostDemanding(asking) };
  }
  const [allows] = ofEffect(holding, 'allow');
  return allows && { effect: 'allow', rule: allows.reference, reason: reasonOf(allows), approver: null };
}

function ofEffect(rules: readonly CompiledRule[], effect: PolicyEffect): CompiledRule[] {
  return rules.filter((rule) => rule.effect === effect);
}

function reasonOf({ reason, reference }: CompiledRule): string {
  return reason ?? `the rule "${reference.name}" is about it`;
}

/** The highest role that any of the rules asks for. */
function mostDemanding(rules: readonly CompiledRule[]): Role | null {
  return roles.find((role) => rules.some(({ approver }) => approver === role)) ?? null;
}

/** Whether a call could carry private data to whoever wrote the untrusted text. */
function takesAway({ tool, input, taint, typedAddresses }: CallFacts): boolean {
  const { openWorld, readOnly } = tool.annotations;
  if (!openWorld || !taintLabels.every((label) => taint.includes(label))) return false;
  return !(readOnly && isTypedRead(input, typedAddresses));
}

function liftsBoth({ lifts }: CompiledRule): boolean {
  return taintLabels.every((label) => lifts.includes(label));
}

/** Whether the hosts of a call may not be looked up before somebody has approved it: looking a name up tells its name server. */
export function mustNotLookUp(policy: CompiledPolicy, facts: CallFacts): boolean {
  return takesAway(facts) && !policy.of(facts.tool).rules.some(liftsBoth);
}

function leaving(
  policy: CompiledPolicy,
  facts: CallFacts,
  holding: readonly CompiledRule[],
): Verdict | undefined {
  if (!takesAway(facts) || holding.some(liftsBoth)) return undefined;
  const { tool } = facts;
  return {
    effect: policy.taint,
    rule: leavingRule,
    reason: `this conversation holds private data and text from untrusted sources, and ${tool.name} reaches outside`,
    approver: null,
  };
}
