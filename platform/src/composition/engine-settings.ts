import type { ModelCallLimits } from '../application/model/model-call-limits.ts';
import type { EngineSettings } from '../application/turn/engine-context.ts';
import type { WorkerSettings } from '../application/worker/worker.ts';
import type { Configuration } from '../domain/configuration/settings.ts';

/** The engine's settings from the configuration. */
export function engineSettings({ run, tool, model, economy, budget }: Configuration): EngineSettings {
  return {
    coalesceMs: run.coalesceMs,
    toolResultMaxBytes: tool.resultMaxBytes,
    toolContextTokens: tool.contextTokens,
    questionMs: tool.questionSeconds * 1000,
    progress: { repeatedCalls: run.repeatedCalls, repeatedErrors: run.repeatedErrors },
    contextShare: run.contextShare,
    approvalHours: run.approvalHours,
    tiers: model.tiers,
    thrift: economy,
    thriftyCacheFactor: economy.cacheFactor,
    delegationDepth: run.delegationDepth,
    budget,
  };
}

/** The worker's settings from the configuration. */
export function workerSettings({ worker }: Configuration, id: string): WorkerSettings {
  return {
    id,
    concurrency: worker.concurrency,
    leaseMs: worker.leaseSeconds * 1000,
    pollMs: worker.pollMs,
  };
}

/** How long and how often models are tried, from the configuration. */
export function modelCallLimits({ model }: Configuration): ModelCallLimits {
  const { attempts, backoffBaseMs, backoffCapMs, firstTokenMs, betweenTokensMs } = model;
  const { callMs, totalMs, breakerFailures, breakerOpenMs, places, tenantShare, placeMs } = model;
  return {
    attempts,
    backoffBaseMs,
    backoffCapMs,
    firstTokenMs,
    betweenTokensMs,
    callMs,
    totalMs,
    breakerFailures,
    breakerOpenMs,
    places,
    tenantShare,
    placeMs,
  };
}
