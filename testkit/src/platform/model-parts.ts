import { createModelCaller, defaultModelCallLimits, systemClock } from '@batuta/platform/composition';
import type { LanguageModel } from '@batuta/platform/ports';
import { scriptedRegistry, ScriptedModel, type ScriptedAnswer } from '../model/scripted-model.ts';
import { silentLog } from './silent-log.ts';
import { testPrices } from './test-settings.ts';
import type { TestPlatformOptions } from './with-platform.ts';

/** What asks models, and what tells how alike questions are. */
export function modelParts(options: TestPlatformOptions, models: readonly LanguageModel[]) {
  const { clock = systemClock, embedder = null, log = silentLog, prices = testPrices } = options;
  const registry = scriptedRegistry(models);
  const limits = { ...defaultModelCallLimits, attempts: 1 };
  return {
    models: registry,
    prices,
    retentionDays: {
      sessionDays: 0,
      ledgerDays: 0,
      budgetDays: 0,
      definitionDays: 0,
      accessDays: 0,
      auditDays: 0,
    },
    timeZone: 'UTC',
    embedder,
    callModel: createModelCaller({ registry, prices, clock, log, limits }),
  };
}

/** The models of a test platform. */
export function modelsOf({ model = [] }: TestPlatformOptions): LanguageModel[] {
  if (typeof model === 'function') return [new ScriptedModel(model)];
  if ('call' in model) return [model];
  return isModels(model) ? [...model] : [new ScriptedModel(model)];
}

function isModels(
  list: readonly ScriptedAnswer[] | readonly LanguageModel[],
): list is readonly LanguageModel[] {
  return list.length > 0 && list.every((each) => 'call' in each);
}
