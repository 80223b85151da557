import type { Role } from '@batuta/contract';
import type { Tool } from '../../port/tool.ts';
import { nothingResolved, type Verdict } from './call-facts.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import { judgeCall } from './judge-call.ts';

/** What the rules say about a tool before anything is known of a call. */
export interface Standing extends Verdict {
  /** Other rules hold for some of its calls only: `policy explain` judges a single one. */
  isConditional: boolean;
}

/** Judges a tool by what holds for every call of it, in a conversation that holds nothing yet. Pure. */
export function standingOf(
  policy: CompiledPolicy,
  tool: Tool,
  { role, now }: { role: Role; now: number },
): Standing {
  const always: CompiledPolicy = { ...policy, of: (each) => withoutConditions(policy.of(each)) };
  const facts = { tool, input: {}, resolved: nothingResolved, role, now, taint: [], typedAddresses: [] };
  const isConditional = policy.of(tool).rules.some(({ isUnconditional }) => !isUnconditional);
  return { ...judgeCall(always, facts).verdict, isConditional };
}

/** Rules with conditions stay, because they decide which default counts, but hold for nothing. */
function withoutConditions(about: ReturnType<CompiledPolicy['of']>): ReturnType<CompiledPolicy['of']> {
  const rules = about.rules.map((rule) => (rule.isUnconditional ? rule : { ...rule, holds: () => false }));
  return { ...about, rules };
}
