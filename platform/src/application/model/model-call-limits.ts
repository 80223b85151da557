/** How long and how often models are tried. All times in milliseconds. */
export interface ModelCallLimits {
  /** Tries of one model, the first included. */
  attempts: number;
  /** Longest wait before the second try; it doubles with each further one. */
  backoffBaseMs: number;
  /** Longest wait between two tries. A provider that asks for more loses its turn to the next model. */
  backoffCapMs: number;
  /** Until the first text, reasoning or tool call of an answer. */
  firstTokenMs: number;
  /** Between two pieces of an answer. */
  betweenTokensMs: number;
  /** One try, from the request to the end of the answer. */
  callMs: number;
  /** All tries of all models together. */
  totalMs: number;
  /** Failures in a row after which a provider is left alone. */
  breakerFailures: number;
  /** How long it is left alone before one call probes it. */
  breakerOpenMs: number;
  /** Calls of one provider that may be under way at the same time. */
  places: number;
  /** Share of them that one tenant may have while others use the provider, too. */
  tenantShare: number;
  /** How long a call waits for a place. */
  placeMs: number;
}

/** What is used where the configuration says nothing else. */
export const defaultModelCallLimits: ModelCallLimits = {
  attempts: 3,
  backoffBaseMs: 500,
  backoffCapMs: 20_000,
  firstTokenMs: 60_000,
  betweenTokensMs: 60_000,
  callMs: 300_000,
  totalMs: 600_000,
  breakerFailures: 5,
  breakerOpenMs: 30_000,
  places: 1_000,
  tenantShare: 0.8,
  placeMs: 30_000,
};
