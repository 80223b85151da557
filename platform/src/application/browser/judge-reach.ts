import { BatutaError } from '@batuta/contract';
import type { WindowRequest } from '../../port/browser.ts';
import type { ToolContext } from '../../port/tool.ts';

/** What the latest reading call, and the sending call or the person that is at it, may reach. */
export interface Reach {
  read?: ToolContext['mayReach'];
  send?: ToolContext['mayReach'];
}

/** What a request of a page may reach: reading by the rules of reading calls, sending by those of the call that sends. */
export function judgeReach({ read, send }: Reach, { url, addresses, sends }: WindowRequest): void {
  if (sends === true) {
    if (!send)
      throw new BatutaError('browser-failed', { what: 'send', reason: 'nothing may be sent now', hint: '' });
    return send(url, addresses);
  }
  const reads = read ?? send;
  if (sends === false || !send || reads === send) return reads?.(url, addresses);
  try {
    reads?.(url, addresses);
  } catch {
    // A connection may carry either.
    send(url, addresses);
  }
}
