/** What the engine must know of a tool to decide about a call whose outcome is unknown. */
export interface UnknownCallFacts {
  /** The tool declares that repeating with the same key is safe. */
  idempotent: boolean;
  destructive: boolean;
  /** How often the call was claimed already. */
  attempt: number;
}

/** How often an idempotent call is tried before its outcome is reported as unknown. */
const maxAttempts = 3;

/**
 * What becomes of a call that was claimed and never settled: repeated when its tool is idempotent (with the same key), a
 * question for a person when it may have destroyed something, otherwise told to the model.
 */
export function resolveUnknownCall(facts: UnknownCallFacts): 'repeat' | 'ask' | 'tell-model' {
  if (facts.idempotent && facts.attempt < maxAttempts) return 'repeat';
  return facts.destructive ? 'ask' : 'tell-model';
}
