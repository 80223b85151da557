import type { ErrorData } from '@batuta/contract';
import {
  closedCircuit,
  enterCircuit,
  failCircuit,
  passableFrom,
  type Circuit,
  type CircuitRule,
} from '../../domain/model/circuit.ts';
import type { Clock } from '../../port/clock.ts';

type FailureKind = ErrorData<'model-call-failed'>['kind'];

/** The circuit breakers of all providers. */
export interface ProviderCircuits {
  /** Whether a call may be made now. One that may must be reported. */
  enter(provider: string): boolean;
  /** How it went: the kind of failure, or null when the model answered. */
  report(provider: string, failure: FailureKind | null): void;
  /** Ends when a call to one of these may pass: the time of its circuit has come or it was closed, or at `latest` (monotonic). */
  untilPassable(providers: readonly string[], wait: { latest: number; signal: AbortSignal }): Promise<void>;
}

/** Failures that say that the provider is in trouble; after others it is as well as after an answer. */
const troubles: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'rate-limited',
  'overloaded',
  'server',
  'network',
  'timeout',
  'malformed',
]);

/** Makes closed circuits for all providers. Each process has its own: what one sees, another finds out by itself. */
export function createProviderCircuits(clock: Clock, rule: CircuitRule): ProviderCircuits {
  const circuits = new Map<string, Circuit>();
  const waiting = new Set<() => void>();
  return {
    enter(provider) {
      const entered = enterCircuit(circuits.get(provider) ?? closedCircuit, rule, clock.monotonic());
      if (entered !== undefined) circuits.set(provider, entered);
      return entered !== undefined;
    },
    report(provider, failure) {
      const circuit = circuits.get(provider) ?? closedCircuit;
      const failed = failure !== null && troubles.has(failure);
      circuits.set(provider, failed ? failCircuit(circuit, rule, clock.monotonic()) : closedCircuit);
      if (failed || circuit.state === 'closed') return;
      for (const wake of waiting) wake();
    },
    async untilPassable(providers, { latest, signal }) {
      const passableAt = providers.map((provider) =>
        passableFrom(circuits.get(provider) ?? closedCircuit, rule),
      );
      const closed = new AbortController();
      const wake = (): void => closed.abort();
      waiting.add(wake);
      const left = Math.min(latest, ...passableAt) - clock.monotonic();
      await clock.sleep(left, AbortSignal.any([signal, closed.signal]));
      waiting.delete(wake);
    },
  };
}
