/**
 * The circuit breaker of one provider, as a value.
 *
 * - closed: calls pass. `failures` counts those in a row; a success sets it to 0; at the limit it becomes open.
 * - open: no call passes until `openMs` have gone by; then the first one to ask passes as the probe.
 * - probing: one call is under way, no other passes. Its success closes the circuit, its failure opens it anew. A probe
 *   that never reports (its run was cancelled) is given up after another `openMs`.
 */
export type Circuit =
  | { state: 'closed'; failures: number }
  | { state: 'open'; since: number }
  | { state: 'probing'; since: number };

/** When a circuit opens and how long it stays so, in milliseconds. */
export interface CircuitRule {
  failures: number;
  openMs: number;
}

/** A circuit through which all calls pass. */
export const closedCircuit: Circuit = { state: 'closed', failures: 0 };

/** The circuit after a call asked to pass; undefined when it may not. */
export function enterCircuit(circuit: Circuit, rule: CircuitRule, now: number): Circuit | undefined {
  if (circuit.state === 'closed') return circuit;
  return now - circuit.since >= rule.openMs ? { state: 'probing', since: now } : undefined;
}

/** From when on a call may pass. */
export function passableFrom(circuit: Circuit, rule: CircuitRule): number {
  return circuit.state === 'closed' ? 0 : circuit.since + rule.openMs;
}

/** The circuit after a call failed in a way that says something about the provider. */
export function failCircuit(circuit: Circuit, rule: CircuitRule, now: number): Circuit {
  if (circuit.state === 'open') return circuit;
  const failures = circuit.state === 'closed' ? circuit.failures + 1 : rule.failures;
  return failures >= rule.failures ? { state: 'open', since: now } : { state: 'closed', failures };
}
