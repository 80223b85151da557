import type { ErrorData } from '@batuta/contract';

/** Failures after which it is certain that nothing was generated, unless something of an answer had arrived. */
const unbilled: ReadonlySet<ErrorData<'model-call-failed'>['kind']> = new Set([
  'rate-limited',
  'overloaded',
  'server',
  'access',
  'request',
  'context',
]);

/** Whether a provider may charge for a try that failed: what it has generated it bills, whether or not somebody received it. */
export function mayBeBilled(failure: ErrorData<'model-call-failed'>, hasArrived: boolean): boolean {
  if (hasArrived) return true;
  return !(unbilled.has(failure.kind) || !failure.sent);
}
