import type { WorkerScenario } from '@batuta/testkit/crash/scenario';

/** What all runs together may spend, in micro-dollars; a call costs 7, and 10 are reserved for it. */
export const limitMicros = 5_000;

/** An agent of one answer, under the budget for which runs race, and under two that are never met. */
export function makeScenario(): WorkerScenario {
  const day_usd = limitMicros / 1_000_000;
  const budget = { day_usd, run_usd: 1, session_usd: 1, on_limit: 'fail' as const };
  return { agents: [{ name: 'racer', budget }], tools: [], model: () => ({ text: 'Done.' }) };
}
