import type { RunStatus } from '@batuta/contract';

/** Whether nothing but a retry leaves this state. The contract's own function, without loading its schemas. */
export function isEnded(status: RunStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}
