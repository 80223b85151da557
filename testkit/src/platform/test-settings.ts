import type { EngineSettings } from '@batuta/platform/composition';
import type { PriceList } from '@batuta/platform/ports';

/** Settings of test platforms: as in production, with smaller numbers. */
export const testSettings: EngineSettings = {
  coalesceMs: 5,
  toolResultMaxBytes: 4_096,
  toolContextTokens: 2_000,
  questionMs: 60_000,
  progress: { repeatedCalls: 3, repeatedErrors: 3 },
  contextShare: 0.8,
  approvalHours: 24,
  tiers: {},
  thrift: { lowerAt: 0.8, lowestAt: 0.95 },
  thriftyCacheFactor: 4,
  delegationDepth: 3,
  budget: { timeZone: 'UTC', maxOutputTokens: 8_192, estimateMargin: 1.25, slices: 4 },
};

/** A call costs 7 micro-dollars, and could have cost 10. */
export const testPrices: PriceList = { cost: () => 7, worstCost: () => 10 };
