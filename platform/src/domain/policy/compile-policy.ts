import { createHash } from 'node:crypto';
import { canonicalJson, type TaintMode } from '@batuta/contract';
import type { Tool } from '../../port/tool.ts';
import type { RuleReference } from './call-facts.ts';
import {
  compileRule,
  coversTool,
  type CompiledRule,
  type PlacedRule,
  type ResolutionNeed,
} from './compile-rule.ts';

/** Changes whenever what holds without a rule changes, so that approvals of before do not count. */
const defaultsVersion = 1;

/** All rules in force for an agent. */
export interface PolicyInput {
  /** In the order in which they are named where several decide alike. */
  rules: readonly PlacedRule[];
  /** The strictest of all sources. */
  taint: TaintMode;
  /** What skills of the agent use. Absent: nothing. */
  preApprovals?: readonly PreApproval[];
}

/** Tools that a skill uses: its calls need no question where the default would ask one. */
export interface PreApproval {
  pattern: string;
  reference: RuleReference;
}

/** Rules made ready for one agent under one tenant's policy; judged many times. */
export interface CompiledPolicy {
  /** Hash of everything that decides: an approval holds under one version only. */
  version: string;
  taint: TaintMode;
  rules: readonly CompiledRule[];
  /** What concerns one tool; found once. */
  of(tool: Tool): ToolRules;
}

/** The rules about one tool. */
export interface ToolRules {
  /** A tool as rules name it. */
  reference: string;
  rules: readonly CompiledRule[];
  needs: readonly ResolutionNeed[];
  /** The skill for which its ordinary effects are not asked about; null: none. */
  preApproval: RuleReference | null;
  /** Whatever its arguments, it will be refused: models need not hear of it. */
  isNeverAllowed: boolean;
}

/** Makes rules ready to be judged. Contract: they were checked. */
export function compilePolicy({ rules, taint, preApprovals = [] }: PolicyInput): CompiledPolicy {
  const compiled = rules.map((placed) => compileRule(placed));
  // By the tool itself: a source may change what a tool of some name does.
  const known = new WeakMap<Tool, ToolRules>();
  return {
    version: versionOf({ rules, taint, preApprovals }),
    taint,
    rules: compiled,
    of(tool) {
      const found = known.get(tool);
      if (found) return found;
      const made = rulesOf(compiled, preApprovals, tool);
      known.set(tool, made);
      return made;
    },
  };
}

function rulesOf(
  compiled: readonly CompiledRule[],
  preApprovals: readonly PreApproval[],
  tool: Tool,
): ToolRules {
  const { reference } = tool;
  const rules = compiled.filter(({ pattern }) => coversTool(pattern, reference));
  const isDenied = rules.some(({ effect, isUnconditional }) => effect === 'deny' && isUnconditional);
  const isUnheardOf = tool.undeclared === true && !rules.some(({ effect }) => effect !== 'deny');
  return {
    reference,
    rules,
    needs: rules.flatMap(({ needs }) => needs),
    // Who writes a rule about a tool has thought about it: then no skill speaks for it.
    preApproval:
      rules.length > 0
        ? null
        : (preApprovals.find(({ pattern }) => coversTool(pattern, reference))?.reference ?? null),
    isNeverAllowed: isDenied || isUnheardOf,
  };
}

/** Places do not count: a rule that moves to another line is the same rule. */
function versionOf({ rules, taint, preApprovals = [] }: PolicyInput): string {
  const counted = rules.map(({ rule, source }) => ({ rule, source }));
  const skills = preApprovals.map(({ pattern }) => pattern);
  const text = canonicalJson({
    defaults: defaultsVersion,
    rules: counted,
    taint,
    ...(skills.length > 0 && { skills }),
  });
  return createHash('sha256').update(text).digest('hex');
}
