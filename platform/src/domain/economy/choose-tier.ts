import type { EventData, ModelTier } from '@batuta/contract';
import type { Complexity } from './judge-complexity.ts';
import { lowerTier } from './model-tiers.ts';

/** How tight money is: steps to move down, and the words for it; null while there is enough. */
export type Thrift = { steps: number; reason: string } | null;

/** Share of a budget from which on an agent moves down one tier, and two. */
export interface ThriftLimits {
  lowerAt: number;
  lowestAt: number;
}

/** How tight money is when this share (0 to 1 and more) of a budget is spent. */
export function judgeThrift(share: number, limits: ThriftLimits): Thrift {
  const reason = `${Math.floor(share * 100)} % of a budget are spent`;
  if (share >= limits.lowestAt) return { steps: 2, reason };
  return share >= limits.lowerAt ? { steps: 1, reason } : null;
}

/** The tier for a question of an agent with `model: auto`. */
export function tierForQuestion(complexity: Complexity, thrift: Thrift): EventData<'model-tier-chosen'> {
  const { tier, signs } = complexity;
  const looks = signs.length === 0 ? 'it looks simple' : `it has ${signs.join(', ')}`;
  return withThrift({ asked: tier, cause: 'complexity', reason: looks }, thrift);
}

/** The tier of an agent that names one. */
export function tierFixed(tier: ModelTier, thrift: Thrift): EventData<'model-tier-chosen'> {
  return withThrift({ asked: tier, cause: 'agent', reason: 'the agent names it' }, thrift);
}

/** The tier when money has become tighter, or less tight, since the last choice; undefined when nothing changes. */
export function tierForThrift(
  present: { asked: ModelTier; used: ModelTier },
  thrift: Thrift,
): EventData<'model-tier-chosen'> | undefined {
  const used = lowerTier(present.asked, thrift?.steps ?? 0);
  if (used === present.used) return undefined;
  const reason = thrift?.reason ?? 'the budgets have room again';
  return { asked: present.asked, used, cause: 'budget', reason };
}

function withThrift(
  choice: Omit<EventData<'model-tier-chosen'>, 'used'>,
  thrift: Thrift,
): EventData<'model-tier-chosen'> {
  if (thrift === null) return { ...choice, used: choice.asked };
  const used = lowerTier(choice.asked, thrift.steps);
  return {
    ...choice,
    used,
    reason: used === choice.asked ? choice.reason : `${choice.reason}; ${thrift.reason}`,
  };
}
